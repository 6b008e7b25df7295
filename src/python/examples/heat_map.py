# %% [markdown]
# # Do accelerators agree on which network is best?
#
# The study asks how two accelerators rank the same networks: Spearman's rank correlation of their latencies, for each pair of designs.
# Where it is near 1, a network that was chosen for one is a good choice for the other. The study (src/guide/study.md) has 50
# accelerators and three spaces; here are a few networks of the space for microcontrollers on four accelerators, in seconds.

# %%
import maestrino

hardware = ["eyeriss", "nvdla", "edge16", maestrino.Hardware("edge16", pes=64, l2=200_000, name="edge64")]
tables = maestrino.campaign(space="tiny", networks="0..40", hw=hardware, dataflow=["kcp_ws", "rs"], model="exact")
latency = tables["latency"].to_pandas().set_index(["pos", "id"])
latency.head()

# %% [markdown]
# Cycles are ranked; networks that do not fit an accelerator are missing there. `maestrino space srcc` draws the same as SVG, PDF and PNG.

# %%
correlation = latency.corr(method="spearman")
correlation.round(2)

# %%
designs = list(correlation)
pairs = correlation.stack()[[(a, b) for place, a in enumerate(designs) for b in designs[:place]]].sort_values()
print("agree least:", *pairs.index[0], f"{pairs.iloc[0]:.3f}")
print("agree most: ", *pairs.index[-1], f"{pairs.iloc[-1]:.3f}")
