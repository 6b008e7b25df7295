# %% [markdown]
# # A network of PyTorch on three accelerators
#
# Any `torch.nn.Module` will do. It is exported by `torch.onnx` for an input of zeros; weights do not matter.

# %%
import torch
from maestrino import Network, estimate

module = torch.nn.Sequential(
    torch.nn.Conv2d(3, 16, 3, stride=2, padding=1),
    torch.nn.ReLU(),
    torch.nn.Conv2d(16, 16, 3, padding=1, groups=16),
    torch.nn.Conv2d(16, 32, 1),
    torch.nn.ReLU(),
    torch.nn.AdaptiveAvgPool2d(1),
    torch.nn.Flatten(),
    torch.nn.Linear(32, 10),
)
network = Network.from_torch(module, (1, 3, 96, 96), name="mine")
network

# %% [markdown]
# Each accelerator takes the dataflows that it has of its own.

# %%
estimates = {hw: estimate(network, hw) for hw in ("eyeriss", "nvdla", "ethos-u55-128")}
for hw, own in estimates.items():
    print(f"{hw:14} {own.cycles:9} cycles {own.latency_ms:8.3f} ms {own.energy:12.1f} nJ  {own.utilization:.0%} of the lanes at work")

# %% [markdown]
# And layer by layer: what most cycles wait for.

# %%
for hw, own in estimates.items():
    print(hw, *(f"{cost.layer.name}: {cost.cycles} ({cost.bound})" for cost in own.layers), sep="\n  ")
