"""How many cycles and how much energy a neural network costs on an accelerator under a dataflow, counted exactly.

>>> import maestrino
>>> print(maestrino.estimate("mobilenet_v2", "eyeriss"))
>>> network = maestrino.Network.from_onnx("model.onnx")
>>> maestrino.estimate(network, maestrino.Hardware("eyeriss", l2=65536), "kcp_ws").to_pandas()
"""

from ._commands import calibrate, campaign, codesign, explore, map, run, sweep
from ._maestrino import (
    Cost,
    Dataflow,
    Error,
    Estimate,
    Hardware,
    Layer,
    Network,
    __version__,
    costs,
    estimate,
)
from ._table import Table

__all__ = [
    "Cost",
    "Dataflow",
    "Error",
    "Estimate",
    "Hardware",
    "Layer",
    "Network",
    "Table",
    "__version__",
    "calibrate",
    "campaign",
    "codesign",
    "costs",
    "estimate",
    "explore",
    "map",
    "run",
    "sweep",
]
