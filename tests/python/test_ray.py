"""Long commands on a Ray cluster of two workers on this machine leave the files of a single run, even if a worker is killed halfway."""

import os
import signal
import threading
import time
import zipfile
from pathlib import Path

import maestrino
import pytest
from maestrino import Hardware, Layer, Network

# Only the loopback interface is used, and no token is required.
os.environ.update(RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER="0", RAY_AUTH_MODE="disabled")
ray = pytest.importorskip("ray", reason="ray is not installed: pip install '.[ray]'")
import maestrino.ray  # noqa: E402

NETWORK = Network([Layer("conv", K=8 * k, C=4, R=3, S=3, Y=10, X=10, name=f"layer{k}") for k in range(1, 9)], "mine")
GRID = {"pes": [16, 64], "noc": [8, 16], "offchip": [2, 8], "l1": [64, 512], "l2": [16384, 262144]}
SEARCH = {"space": "tiny", "networks": "0..6", "hw": ["eyeriss", "edge16", "nvdla"], "dataflow": "kcp_ws"}


@pytest.fixture(scope="module", autouse=True)
def cluster():
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    assert [node["NodeManagerAddress"] for node in ray.nodes()] == ["127.0.0.1"]
    yield
    ray.shutdown()


def files(path):
    """The files that a command wrote."""
    if path.is_dir():
        return {file.name: file.read_bytes() for file in sorted(path.iterdir())}
    return path.read_bytes()


def test_joined_files_are_those_of_one_run(tmp_path, capfd):
    hw = Hardware("eyeriss", l2=65536, name="mine")
    runs = {
        "map": lambda where, **how: where.map(NETWORK, hw, budget=50, **how),
        "explore": lambda where, **how: where.explore(NETWORK, GRID, hw=hw, **how),
        "campaign": lambda where, **how: where.campaign(**SEARCH, block=6, format="parquet", **how),
        "codesign": lambda where, **how: where.codesign(**SEARCH, constraint={"latency": 10**9}, **how),
    }
    for name, run in runs.items():
        own = tmp_path / name
        own.mkdir()
        alone = run(maestrino, output=own / "alone")
        shared = run(maestrino.ray, output=own / "shared", shards=3)
        assert sorted(os.listdir(own)) == ["alone", "shared"], "parts and inputs are gone"
        if name != "campaign":
            assert shared.to_csv() == alone.to_csv() and len(shared) > 0
        assert files(own / "shared") == files(own / "alone"), name
        assert f"{name}: 2 of 3 parts" in capfd.readouterr().err


def layers(count):
    """`count` different layers that take about the same time."""
    return Network([Layer("conv", K=64 + k, C=16, R=3, S=3, Y=10, X=10) for k in range(count)], "many")


def test_a_worker_that_is_killed_is_no_matter(tmp_path):
    began = time.monotonic()
    maestrino.map(layers(8), "eyeriss", budget=50)
    # Some seconds of work, no matter how this package was built.
    network = layers(min(800, int(8 * 4 / (time.monotonic() - began))))
    whole = maestrino.map(network, "eyeriss", budget=50, output=tmp_path / "alone.m")
    killed = []
    killer = threading.Thread(target=kill_one, args=(tmp_path / "shared.m.part-1-of-2.partial", killed))
    killer.start()
    shared = maestrino.ray.map(network, "eyeriss", budget=50, output=tmp_path / "shared.m", shards=2)
    killer.join()
    assert len(killed) == 1
    assert files(tmp_path / "shared.m") == files(tmp_path / "alone.m")
    assert shared.to_csv() == whole.to_csv()


def kill_one(journal, killed):
    """Kills the worker that has found a part of a share. It holds the lock of the file where it keeps its results."""
    for _ in range(30000):
        time.sleep(0.002)
        if journal.exists() and journal.stat().st_size > 1000:
            locks = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
            held = [int(lock[4]) for lock in locks if lock[5].split(":")[2] == str(journal.stat().st_ino)]
            for worker in held[:1]:
                os.kill(worker, signal.SIGKILL)
                killed.append(worker)
                return


def test_parts_that_are_there_are_not_done_again(tmp_path):
    output = tmp_path / "best.m"
    maestrino.run("map", "--network=ds_cnn", "--hw=edge16", "--budget=5", f"--output={output}", "--shard=1/2")
    maestrino.run("map", "--network=ds_cnn", "--hw=edge16", "--budget=5", "--format=csv", f"--output={output}", "--shard=2/2")
    second = tmp_path / "best.m.part-2-of-2"
    done = (os.stat(second).st_ino, zipfile.ZipFile(second).read("part.json"))
    seen = []
    merge = maestrino.ray.run

    def seen_before_merge(*arguments):
        seen.append((os.stat(second).st_ino, zipfile.ZipFile(second).read("part.json")))
        return merge(*arguments)

    maestrino.ray.run = seen_before_merge
    try:
        # The first part belongs to another command, which prints a table. So it is computed again.
        maestrino.ray.map("ds_cnn", "edge16", budget=5, output=output, shards=2)
    finally:
        maestrino.ray.run = merge
    assert seen == [done]


def test_what_is_wrong_is_told_as_here(tmp_path):
    with pytest.raises(maestrino.Error, match="no built-in accelerator") as caught:
        maestrino.ray.map("ds_cnn", "eyerss", output=tmp_path / "best.m", shards=2)
    assert caught.value.code == 1
    with pytest.raises(maestrino.Error, match="too few for 9 parts"):
        maestrino.ray.campaign(**SEARCH, output=tmp_path / "all", shards=9)
