# %% [markdown]
# # Where the cycles go
#
# The best mapping of each layer of a network, and what they make of the accelerator.

# %%
import subprocess
import sys
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
    explain = [sys.executable, "-m", "maestrino", "explain", "conv", "--mapping", str(file), "--hw", "edge16"]
    drawing = subprocess.run(explain, check=True, capture_output=True, text=True).stdout
preset = estimate(network, "edge16")
best.to_pandas()[["layer", "mapping", "cycles", "utilization", "gap_percent"]]

# %% [markdown]
# A mapping as MAESTRO writes it: from the outermost loop inwards, what is cut into tiles over time and what over PEs.

# %%
print(text[: text.index("Layer", text.index("Layer") + 1)])

# %% [markdown]
# The same drawn: loops, the tiles of the first steps on the PEs, what moves in each kind of step, and what it waits for.

# %%
print(drawing)

# %% [markdown]
# Cycles of each layer: `#` as mapped, `.` what the accelerator's own dataflow takes more.

# %%
most = max(cost.cycles for cost in preset.layers)
for own, other in zip(mapped.layers, preset.layers):
    bars = [round(60 * cost.cycles / most) for cost in (own, other)]
    print(f"{own.layer.name:>12} {'#' * bars[0]}{'.' * (bars[1] - bars[0])} {own.cycles} of {other.cycles}, {own.utilization:.0%} at work")
