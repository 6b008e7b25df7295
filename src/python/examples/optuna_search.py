# %% [markdown]
# # An optimiser of your own, with the cost in its loop
#
# A cost is a function call of microseconds, so that any optimiser can have it. Here Optuna (`pip install optuna`) looks for an
# accelerator for a network: least energy x cycles within a buffer budget.

# %%
import maestrino
import optuna
from maestrino import Hardware, Network, estimate

network = Network.read("ds_cnn")
BYTES = 300_000


def cost(trial):
    """nJ x cycles of the network, infinite where the buffers are too large or too small."""
    pes = trial.suggest_int("pes", 8, 256, log=True)
    l1 = trial.suggest_int("l1", 64, 4096, log=True)
    l2 = trial.suggest_int("l2", 4096, BYTES, log=True)
    hw = Hardware(pes=pes, l1=l1, l2=l2, noc_bw=16, offchip_bw=4)
    dataflow = trial.suggest_categorical("dataflow", ["kcp_ws", "rs", "xp_ws"])
    result = estimate(network, hw, dataflow)
    fits = result.fits and pes * l1 + l2 <= BYTES
    return result.energy * result.cycles if fits else float("inf")


# %%
optuna.logging.set_verbosity(optuna.logging.WARNING)
study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=0))
study.optimize(cost, n_trials=100)
print(f"{study.best_value:.4g} nJ x cycles", study.best_params)

# %% [markdown]
# With Ray Tune (`pip install "ray[tune]"`) the same function is a trial on any machine of a cluster:
#
# ```python
# from ray import tune
#
# def trial(config):
#     result = estimate("ds_cnn", Hardware(pes=config["pes"], l1=512, l2=65536, noc_bw=16, offchip_bw=4), config["dataflow"])
#     return {"edp": result.energy * result.cycles if result.fits else float("inf")}
#
# space = {"pes": tune.randint(8, 256), "dataflow": tune.choice(["kcp_ws", "rs"])}
# found = tune.Tuner(trial, param_space=space, tune_config=tune.TuneConfig(metric="edp", mode="min", num_samples=200)).fit()
# print(found.get_best_result().config)
# ```
#
# Grids need no optimiser: `maestrino.explore` looks at every design of one, millions in seconds, and gives the whole front.

# %%
grid = {"pes": "8..256:x2", "l1": "64..4096:x2", "l2": "4096..262144:x2", "noc": 16, "offchip": 4}
front = maestrino.explore(network, grid, dataflow=["kcp_ws", "rs", "xp_ws"], objective="edp")
front
