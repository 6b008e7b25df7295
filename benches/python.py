#!/usr/bin/env python3
"""Calls a second from Python, and the memory of ten million costs: the figures of src/guide/python.md.

    pip install . && python benches/python.py

Seconds are those of processors, of all threads together, so that what else runs on the machine does not count."""

import resource
import subprocess
import sys

import numpy as np
from maestrino import Cost, Dataflow, Hardware, Layer, Network, costs, estimate

LAYERS = [Layer("conv", K=k, C=64, R=3, S=3, Y=58, X=58) for k in range(1, 1001)]
POINTS = {"offchip_bw": np.repeat([1, 2, 4, 8], 250), "l2": np.tile(np.arange(1, 251) * 4096, 4)}


def rate(what, count, work):
    """Prints how often per second `work` is done, which does it `count` times."""
    start = resource.getrusage(resource.RUSAGE_SELF)
    work()
    end = resource.getrusage(resource.RUSAGE_SELF)
    seconds = end.ru_utime - start.ru_utime + end.ru_stime - start.ru_stime
    print(f"{what}: {count / seconds:.0f} a second", flush=True)


def different(count):
    """An array of `count` different layers."""
    rows, place = np.ones((count, 11), dtype=np.int64), np.arange(count)
    rows[:, [0, 1, 8]] = 0
    rows[:, 2], rows[:, 3], rows[:, 4:6], rows[:, 6:8] = 1 + place % 1000, 1 + place // 1000, 3, 58
    return rows


def memory(what):
    """Computes ten million costs, and prints the MB of memory that this takes in addition to its arguments."""
    if what == "points":
        layers, points = LAYERS[63:64], {"offchip_bw": np.tile(np.arange(1, 101), 100_000)}
    else:
        layers = [Layer("conv", K=k, C=64, R=3, S=3, Y=58, X=58) for k in range(1, 3163)]
        points = {"offchip_bw": 1 + np.arange(3162) % 100, "l2": 65536 + 4096 * (np.arange(3162) // 100)}
    # The current memory is read, because the maximum so far may be that of the surrounding process.
    with open("/proc/self/statm") as file:
        before = int(file.read().split()[1]) * resource.getpagesize() // 1024
    told = costs(layers, "eyeriss", "kcp_ws", points=points)
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    given = sum(array.nbytes for array in told.values())
    print(f"{told['cycles'].shape}: {more / 1024:.0f} MB, of which {given / 2**20:.0f} MB are what is told", flush=True)


def main():
    if sys.argv[1:]:
        return memory(sys.argv[1])
    hw, dataflow, network = Hardware("eyeriss"), Dataflow("kcp_ws"), Network.read("mobilenet_v2")
    rate("Cost of objects", 100_000, lambda: [Cost(layer, hw, dataflow) for layer in LAYERS * 100])
    rate("Cost of names", 10_000, lambda: [Cost(layer, "eyeriss", "kcp_ws") for layer in LAYERS * 10])
    rate("estimate of MobileNetV2", 1000, lambda: [estimate(network, hw, dataflow) for _ in range(1000)])
    array = different(100_000)
    rate("costs of different layers", len(array), lambda: costs(array, hw, dataflow))
    rate("costs of layers on points", 1_000_000, lambda: costs(LAYERS, hw, dataflow, points=POINTS))
    # Each measurement runs in a process of its own.
    for what in ("grid", "points"):
        subprocess.run([sys.executable, __file__, what], check=True)


if __name__ == "__main__":
    main()
