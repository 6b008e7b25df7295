# %% [markdown]
# # Where the cycles go
#
# The best mapping of each layer of a network, and what they make of the accelerator.

# %%
import tempfile
from pathlib import Path

import maestrino
from maestrino import estimate

network = "ds_cnn"
with tempfile.TemporaryDirectory() as directory:
    file = Path(directory, "best.m")
    best = maestrino.map(network, "edge16", budget=200, output=file)
    text = file.read_text()
    mapped = estimate(file, "edge16")
preset = estimate(network, "edge16")
best.to_pandas()[["layer", "mapping", "cycles", "utilization", "gap_percent"]]

# %% [markdown]
# A mapping as MAESTRO writes it: from the outermost loop inwards, what is cut into tiles over time and what over PEs.

# %%
print(text[: text.index("Layer", text.index("Layer") + 1)])

# %% [markdown]
# Cycles of each layer: `#` as mapped, `.` what the accelerator's own dataflow takes more.

# %%
most = max(cost.cycles for cost in preset.layers)
for own, other in zip(mapped.layers, preset.layers):
    bars = [round(60 * cost.cycles / most) for cost in (own, other)]
    print(f"{own.layer.name:>12} {'#' * bars[0]}{'.' * (bars[1] - bars[0])} {own.cycles} of {other.cycles}, {own.utilization:.0%} at work")
