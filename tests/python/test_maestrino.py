"""Compares the Python package with the program. Run `pytest` in an environment where the package is installed."""

import csv
import importlib.util
import io
import re
import runpy
import subprocess
import sys
import warnings
from pathlib import Path

import maestrino
import numpy
import pytest
from maestrino import Cost, Dataflow, Error, Hardware, Layer, Network, costs, estimate

TESTS = Path(__file__).parents[1]
KWS = TESTS / "models" / "kws_ref_model.tflite.gz"
ONNX = TESTS / "models" / "mobilenet_v2.stripped.onnx"
CONV = Layer("conv", K=64, C=3, R=3, S=3, Y=226, X=226, stride=2)


def program(*arguments):
    """The program's standard output."""
    command = [sys.executable, "-m", "maestrino", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("model", ["exact", "maestro"])
@pytest.mark.parametrize("network", ["mobilenet_v2", KWS])
def test_estimate_is_the_programs(network, model):
    result = estimate(network, "eyeriss", "kcp_ws", model=model)
    arguments = ["--network", network, "--hw", "eyeriss", "--dataflow", "kcp_ws", "--model", model, "--format", "csv"]
    printed = program("estimate", *arguments)
    assert result.to_csv() == printed
    table = rows(printed)
    assert len(table) == len(result.layers) > 5
    assert result.cycles == sum(int(row["cycles"]) for row in table)
    for row, cost in zip(table, result.layers):
        assert (cost.layer.name, str(cost.cycles)) == (row["layer"], row["cycles"])
        figures = {name: "-" if figure is None else figure for name, figure in cost.figures().items()}
        for name, figure in figures.items():
            known = type(figure)(row[name])
            assert known == figure, name


def test_maestros_own_csv():
    result = estimate("mobilenet_v2", "study", "kcp_ws", model="maestro")
    arguments = ["--network", "mobilenet_v2", "--hw", "study", "--dataflow", "kcp_ws", "--format", "maestro-csv"]
    assert result.to_maestro_csv() == program("estimate", *arguments)
    with pytest.raises(Error, match="of model="):
        estimate("mobilenet_v2", "study", "kcp_ws").to_maestro_csv()


def test_tables_are_frames():
    result = estimate("ds_cnn", "eyeriss")
    frame, arrow = result.to_pandas(), result.to_arrow()
    assert frame["cycles"].sum() == result.cycles == sum(arrow["cycles"].to_pylist())
    assert list(frame.columns) == arrow.column_names == list(rows(result.to_csv())[0])
    # L2 is too small for any layer, so cycles are unknown.
    short = estimate("ds_cnn", Hardware("eyeriss", l2=16))
    assert short.cycles is None and not short.fits and short.energy is None
    assert short.to_pandas()["cycles"].isna().all() and short.layers[0]["cycles"] is None


def test_a_layer_costs_what_it_costs_in_a_network():
    hw = Hardware(pes=168, l1=512, l2=110592, noc_bw=64, offchip_bw=16)
    dataflow = Dataflow("kcp_ws:cluster=8")
    cost = Cost(CONV, hw, dataflow)
    result = estimate([CONV, CONV], hw, dataflow)
    assert result.cycles == 2 * cost.cycles and result.macs == 2 * CONV.macs == 2 * cost["layer_macs"]
    # The directives of the dataflow give the same dataflow.
    assert Cost(CONV, hw, dataflow.directives(CONV, hw.pes)).figures() == cost.figures()
    assert cost.figures() != Cost(CONV, hw, "rs").figures()


def test_layers_and_accelerators_are_values():
    assert CONV.dims["Y_out"] == 112 and CONV.stride == (2, 2) and CONV.macs == 112 * 112 * 64 * 27
    assert eval(repr(CONV)) == CONV and hash(eval(repr(CONV))) == hash(CONV)
    assert Layer("conv", K=64, C=3, R=3, S=3, Y_out=112, X_out=112, stride=2).dims["Y"] == 225
    hw = Hardware("eyeriss")
    assert hw == Hardware("eyeriss") != hw.replace(l1=None)
    assert (hw.pes, hw.l1, hw.replace(l1=None).l1, hw.replace(noc_bw=[8, None]).noc_bw) == (168, 520, None, 8)
    assert estimate("ds_cnn", hw.replace(clock=400)).latency_ms * 2 == estimate("ds_cnn", hw).latency_ms
    network = Network([CONV], "one")
    assert network[0] == network[-1] == CONV and len(network) == 1 and network.macs == CONV.macs
    with pytest.raises(IndexError):
        network[1]


def test_networks_come_from_files_and_bytes(tmp_path):
    by_path, by_bytes = Network.from_tflite(KWS), Network.from_tflite(KWS.read_bytes(), "kws_ref_model.tflite")
    assert by_path.layers == by_bytes.layers and len(by_path) == 10
    file = tmp_path / "kws.m"
    file.write_text(by_path.to_maestro())
    assert Network.read(file).layers == by_path.layers
    assert file.read_text() == program("convert", KWS)
    assert len(Network.read("ds_cnn")) == 10 and "ds_cnn" in Network.names()


def test_batches_are_the_costs_of_each():
    layers = [CONV, Layer("conv", K=8, C=16, R=1, S=1, Y=14, X=14), Layer("dsconv", C=32, R=3, S=3, Y=30, X=30)]
    points = {"offchip_bw": [1, 4, 16, 4, 4], "l2": [110592, 110592, 110592, 8, 50000], "pes": [168, 168, 64, 168, 168]}
    hw = Hardware("eyeriss")
    for model in ("exact", "maestro"):
        result = costs(layers, hw, "kcp_ws", points=points, model=model)
        assert result["cycles"].shape == result["energy"].shape == (3, 5) and result["cycles"].dtype == numpy.int64
        seen = set()
        for row, layer in enumerate(layers):
            for place in range(5):
                own = hw.replace(**{name: values[place] for name, values in points.items()})
                cost = Cost(layer, own, "kcp_ws", model=model)
                runs = cost.fits and cost.cycles is not None
                seen.add(runs)
                assert result["cycles"][row, place] == (cost.cycles if runs else -1)
                energy = result["energy"][row, place]
                assert energy == cost.energy if runs else numpy.isnan(energy)
        # The reference's model ignores that L2 is too small.
        assert seen == ({True, False} if model == "exact" else {True})
    array = numpy.array([[0, 0, 64, 3, 3, 3, 226, 226, 0, 2, 2]] * 2)
    assert (costs(array, hw, "kcp_ws")["cycles"] == Cost(CONV, hw, "kcp_ws").cycles).all()


@pytest.mark.parametrize(
    "wrong, what",
    [
        (lambda: Layer("conv", K=64), "needs dimension C"),
        (lambda: Layer("conv", Q=64), "there is no dimension 'Q'"),
        (lambda: Layer("cone", K=64), "there is no kind of layer 'cone'"),
        (lambda: Layer("conv", K=64, C=3, R=3, S=3, Y=2, X=9), "filter"),
        (lambda: Hardware(), "needs a name, a file or pes="),
        (lambda: Hardware("eyerss"), "no built-in accelerator"),
        (lambda: Hardware("eyeriss", l3=1), "--l3"),
        (lambda: Hardware("eyeriss", model="maestro"), "model= is of"),
        (lambda: Dataflow("kcp"), "no built-in dataflow"),
        (lambda: estimate("ds_cnn", "eyeriss", ["rs", "xp_ws"]), "mixed="),
        (lambda: estimate([], "eyeriss"), "has no layers"),
        (lambda: Network.from_onnx(b"no such thing"), "model"),
        (lambda: costs(numpy.zeros((2, 3), int), "eyeriss"), "expected 11"),
        (lambda: costs(numpy.ones((2, 11), int), "eyeriss"), "layer 0: "),
        (lambda: costs([CONV], "eyeriss", points={"l1": [1, 2], "l2": [1]}), "has 1 values, others have 2"),
        (lambda: costs([CONV], "eyeriss", points={"l4": [1]}), "points are"),
        (lambda: maestrino.map("ds_cnn", "eyerss"), "no built-in accelerator"),
    ],
)
def test_what_is_wrong_is_an_exception(wrong, what):
    with pytest.raises(Error) as caught:
        wrong()
    assert what in str(caught.value) and not str(caught.value).startswith("error"), str(caught.value)
    assert caught.value.code in (1, 2)


def test_errors_know_the_place():
    with pytest.raises(Error) as caught:
        Dataflow("SpatialMap(1,1) K;\nTemporalMap(1,1 C;")
    assert (caught.value.line, caught.value.column) == (2, 17)
    with pytest.raises(Error) as caught:
        estimate([CONV], Hardware(pes=4), "SpatialMap(1,1) K; TemporalMap(2,4) C; Cluster(8, P); SpatialMap(1,1) C;")
    [(name, line, why)] = caught.value.layers
    assert (name, line) == ("conv", None) and why in str(caught.value)


def test_what_is_told_is_a_warning():
    small = Layer("conv", K=4, C=3, R=5, S=5, Y=9, X=9)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        estimate([small], "eyeriss")
    text = Network([small]).to_maestro().replace("Y: 9", "Y: 4")
    with pytest.warns(UserWarning, match="padded to the filter"):
        estimate(Network.read(text.encode()), "eyeriss")


def test_commands_give_tables(tmp_path):
    network = Network([CONV, CONV], "mine")
    best = maestrino.map(network, "eyeriss", output=tmp_path / "best.m")
    assert len(best) == 2
    assert estimate(tmp_path / "best.m", "eyeriss").cycles == sum(row["cycles"] for row in best)
    grid = {"pes": [64, 128], "l2": [65536], "noc": [16], "offchip": [4]}
    swept = maestrino.sweep(network, hw_grid=grid, dataflow=["kcp_ws", "rs"])
    assert len(swept) == 4 and len(swept.to_pandas()) == 4
    front = maestrino.explore("ds_cnn", grid, dataflow="rs")
    assert 1 <= len(front) <= 2
    tables = maestrino.campaign(space="tiny", networks="0..20", hw=["eyeriss", "edge16"], dataflow="kcp_ws")
    assert len(tables["latency"]) == len(tables["energy"]) == 20
    answers = maestrino.codesign(
        space="tiny", networks="0..20", hw="eyeriss,edge16", dataflow="kcp_ws", constraint={"latency": 10**9}, method="adaptive"
    )
    assert len(answers) == 1 and answers.columns == list(answers[0])


def test_commands_take_accelerators_that_are_objects(tmp_path):
    # A file can contain all of these: clock, energies, limits.
    hw = Hardware("eyeriss", l2=65536, clock=400, energies=[0.5, 1.5, 8, 100], noc_bw=[8, None], prefetch=False, name="mine")
    best = maestrino.map(Network([CONV]), hw, objective="energy", output=tmp_path / "best.m")
    assert estimate(tmp_path / "best.m", hw).energy == best[0]["energy_nj"]
    assert Hardware("eyeriss").is_builtin and not hw.is_builtin
    # A changed accelerator keeps the dataflows of the one that it is made from.
    for own in (hw, Hardware("ethos-u55-128", l2=100_000), "nvdla"):
        result = maestrino.sweep("ds_cnn", hw=own)
        assert sum(row["cycles"] for row in result) == estimate("ds_cnn", own).cycles
    tables = maestrino.campaign(space="tiny", networks="0..3", hw=["eyeriss", Hardware("eyeriss", l1=4096, name="large")], dataflow="rs")
    assert tables["latency"].columns[2:] == ["rs_eyeriss", "rs_large"]
    with pytest.raises(Error, match="two of them have the name eyeriss"):
        maestrino.sweep("ds_cnn", hw=[Hardware("eyeriss", l1=4096), Hardware("eyeriss", l1=2048)])


EXAMPLES = TESTS.parent / "src" / "python" / "examples"


@pytest.mark.parametrize("name, needs, said", [
    ("heat_map", "pandas", "agree most:"),
    ("layers", "pandas", "at work"),
    ("optuna_search", "optuna", "nJ x cycles {'pes'"),
    ("torch_accelerators", "torch", "ethos-u55-128"),
])
def test_examples_run(name, needs, said, capsys):
    pytest.importorskip(needs, reason=f"{needs} is not installed")
    runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")
    assert said in capsys.readouterr().out


def blocks(page):
    """The Python code on a page of the guide."""
    return re.findall(r"^```python\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)


def test_the_guide_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("model.onnx").write_bytes(ONNX.read_bytes())
    known = {}
    ran = 0
    for block in blocks(TESTS.parent / "src" / "guide" / "python.md"):
        if "torchvision" in block and not importlib.util.find_spec("torchvision"):
            continue
        exec(block, known)
        ran += 1
    assert ran >= 3 and len(known["best"]) > 0


def test_a_search_tells_the_program_s_command_and_not_python_s(tmp_path):
    arguments = ["--space", "tiny", "--networks", "0..5", "--hw", "eyeriss", "--dataflow", "kcp_ws", "--method", "coupled"]
    program("codesign", *arguments, "--constraint", "latency=1e9", "--output", tmp_path / "found")
    summary = (tmp_path / "found" / "summary.json").read_text()
    assert f'"maestrino codesign {" ".join(arguments)} --constraint latency=1e9"' in summary


def test_the_program_is_there():
    assert program("--version").strip() == f"maestrino {maestrino.__version__}"
    wrong = subprocess.run([sys.executable, "-m", "maestrino", "estimate", "--hw", "no"], capture_output=True, text=True)
    assert wrong.returncode == 1 and wrong.stderr.startswith("error: ")
