#!/usr/bin/env python3
"""Makes every number and figure of src/guide/study.md from nothing.

    cargo build --release
    python3 benches/study.py target/release/maestrino /tmp/study

Runs the program alone, from the root of the repository, and leaves what it answers in the directory: what is there already is not
asked again. Then it rewrites what stands between `<!-- NAME -->` and `<!-- / -->` in the page, and the figures beside it: the same
bytes each time. How long each command took, and how much memory, is told on standard error.
"""

import csv
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

PAGE = Path("src/guide/study.md")
FIGURES = PAGE.with_suffix("")
SPACES = {
    "nb301": "--accuracy tests/spaces/nb301_accuracy.csv.gz",
    "alphanet": "--accuracy tests/spaces/alphanet_forest.csv.gz",
    "tiny": "--networks {tiny}",
}
# The number of networks of `tiny` that are used, the first of its selection. They have more distinct layers than
# those of the other two spaces. With the best mapping of each layer, even fewer are used.
TINY, TINY_MAPPED = 300, 100
DATAFLOWS = ["kcp_ws", "rs", "xp_ws"]
PRESETS = "--dataflow kcp_ws,rs,xp_ws"
MAESTRO = "--fit --model maestro"
UNLIMITED = "--hw study50 --l1 1000000 --l2 1000000000"
# For each set and model, its part of the command line.
SETS = {
    ("unlimited", "exact"): UNLIMITED,
    ("unlimited", "maestro"): f"--hw study50 {MAESTRO}",
    ("limits", "exact"): "--hw study50",
    ("chips", "exact"): "--hw chips50",
    ("chips", "maestro"): f"--hw chips50 {MAESTRO}",
}
# Sets in which all designs run most networks.
WIDE = [key for key in SETS if key[0] != "limits"]
# Sets on which each layer also takes its best mapping. That needs a search for each distinct layer on each
# accelerator, which ends at a mapping at most 0.1 % above the proven least.
MAPPED = ["unlimited", "limits", "chips"]
BEST = "--map-gap 0.1%"
# The number of networks that are costed on each design before a proxy is trusted.
SAMPLE = 50


def run(where, told, arguments):
    """The output of a command. It is run only once; its standard output is kept in `where`."""
    if where.exists():
        return where.read_text()
    where.parent.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    child = subprocess.Popen([PROGRAM, *arguments.split()], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # There are few warnings, so their pipe never fills up while the other one is read.
    out, errors = child.stdout.read(), child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"maestrino {arguments}\n{errors.decode()}")
    seconds, cpu = time.monotonic() - start, used.ru_utime + used.ru_stime
    if seconds >= 1.0:
        print(f"{seconds:7.1f} s {cpu:7.1f} s of CPU {used.ru_maxrss // 1024:5} MB  {told}", file=sys.stderr)
    where.write_bytes(out)
    return where.read_text()


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def number(text):
    return float(text) if text else None


class Study:
    """The results for a space on a set of accelerators with a model, from two commands."""

    def __init__(self, space, kind, model, hw, dataflows=PRESETS, methods="all", networks=TINY):
        self.space, self.kind, self.model = space, kind, model
        self.at = OUTPUT / space / kind / model
        asked = f"codesign --space {space} {SPACES[space].format(tiny=OUTPUT / f'tiny_{networks}.csv')} {hw} {dataflows}"
        name = f"{space}, {kind}, {model}"
        # The tables; only the paper's method, so that no curve of `adaptive` is made.
        run(self.at / "tables.txt", f"{name}: tables", f"{asked} --method semi-decoupled --output {self.at}")
        # The answer for the paper's method alone is already in its tables.
        scores = self.at / ("methods.csv" if methods == "semi-decoupled" else "scores.csv")
        run(scores, f"{name}: methods, {methods}", f"{asked} --method {methods} --format csv")
        self.scores = [row for row in rows(scores) if row["queries"] == "each"]
        self.summary = json.loads((self.at / "summary.json").read_text())
        self.designs = rows(self.at / "designs.csv")
        self.dataflow = {row["design"]: row["dataflow"] for row in self.designs}

    def ranks(self, figure):
        """Rank correlation by pair of designs."""
        table = rows(self.at / f"srcc_{figure}.csv")
        names = [row["design"] for row in table]
        pairs = {}
        for place, row in enumerate(table):
            for name in names[:place]:
                if row[name]:
                    pairs[name, row["design"]] = float(row[name])
        return pairs

    def column(self, figure):
        """The figures of each design, by its name; None if a network cannot run."""
        table = rows(self.at / f"{figure}.csv")
        return {name: [number(row[name]) for row in table] for name in table[0] if name not in ("pos", "id")}

    def of(self, method):
        return [row for row in self.scores if row["method"] == method]


def ranked(figures):
    """Ranks in ascending order. Equal figures get the mean of their ranks."""
    order = sorted(range(len(figures)), key=figures.__getitem__)
    ranks, start = [0.0] * len(figures), 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and figures[order[end + 1]] == figures[order[start]]:
            end += 1
        for place in order[start : end + 1]:
            ranks[place] = (start + end) / 2
        start = end + 1
    return ranks


def direction(figures):
    """Ranks as a vector of length 1. The product of two such vectors is Spearman's coefficient. Unknown figures come last."""
    ranks = ranked([float("inf") if figure is None else figure for figure in figures])
    ranks = [rank - (len(ranks) - 1) / 2 for rank in ranks]
    length = sum(rank * rank for rank in ranks) ** 0.5 or 1.0
    return [rank / length for rank in ranks]


def product(a, b):
    return sum(x * y for x, y in zip(a, b))


def spearman(a, b):
    """Rank correlation over the figures that are known for both."""
    known = [(x, y) for x, y in zip(a, b) if x is not None and y is not None]
    return product(*(direction(list(figures)) for figures in zip(*known)))


def table(columns, lines):
    text = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    return "\n".join(text + ["| " + " | ".join(line) + " |" for line in lines])


def spread(figures, told):
    """Worst / median / best as the program prints them. The worst comes first in `figures`."""
    ends = [told(figures[0]), told(figures[len(figures) // 2]), told(figures[-1])]
    return ends[0] if ends[0] == ends[2] else " / ".join(ends)


def least_and_median(values):
    return f"{min(values):.3f}, {statistics.median(values):.3f}" if values else "–"


def table_of_fit(studies, mapped):
    lines = []
    for space in SPACES:
        for kind in ("unlimited", "limits", "chips"):
            for dataflow in [*DATAFLOWS, "map"]:
                study = mapped.get((space, kind)) if dataflow == "map" else studies[space, kind, "exact"]
                if not study:
                    continue
                every = study.summary["networks"]
                counts = [int(row["networks"]) for row in study.designs if row["dataflow"] == dataflow]
                whole, none = counts.count(every), 50 - len(counts)
                some = [count for count in counts if count < every]
                most = f"{min(some)} to {max(some)} of {every}" if some else "–"
                lines.append([space, kind, f"`{dataflow}`", str(whole), str(len(some)), str(none), most])
    return table(["space", "set", "dataflow", "run all", "run some", "run none", "networks that some run"], lines)


def table_of_ranks(studies):
    lines = []
    for (space, kind, model), study in studies.items():
        line = [space, kind, model]
        for figure in ("latency", "energy"):
            pairs = study.ranks(figure)
            same = [rho for (a, b), rho in pairs.items() if study.dataflow[a] == study.dataflow[b]]
            other = [rho for (a, b), rho in pairs.items() if study.dataflow[a] != study.dataflow[b]]
            line += [least_and_median(same), least_and_median(other)]
        lines.append(line)
    columns = ["space", "set", "model", "latency, within", "latency, across", "energy, within", "energy, across"]
    return table(columns, lines)


def table_of_models(studies):
    lines = []
    for space in SPACES:
        for kind in ("unlimited", "chips"):
            line = [space, kind]
            for figure in ("latency", "energy"):
                exact, maestro = (studies[space, kind, model].column(figure) for model in ("exact", "maestro"))
                for dataflow in DATAFLOWS:
                    names = [name for name, own in studies[space, kind, "exact"].dataflow.items() if own == dataflow]
                    line.append(least_and_median([spearman(exact[name], maestro[name]) for name in names if name in maestro]))
            lines.append(line)
    columns = [f"{figure}, `{dataflow}`" for figure in ("latency", "energy") for dataflow in DATAFLOWS]
    return table(["space", "set", *columns], lines)


def table_of_methods(studies, space):
    lines = []
    for (_, kind, model), study in ((key, study) for key, study in studies.items() if key[0] == space):
        for method in dict.fromkeys(row["method"] for row in study.scores):
            own = study.of(method)

            def told(column, best, text):
                figures = sorted((float(row[column]) for row in own), reverse=best == "least")
                return spread(figures, text)

            # The share of all queries that are asked, as in the program's own table.
            asked = float(own[0]["asked"])
            unanswered = told("unanswered", "least", lambda value: f"{100 * value / asked:.2f}")
            lines.append([
                f"{kind}, {model}",
                f"`{method}`",
                told("exact_share", "most", lambda value: f"{100 * value:.1f}"),
                told("mean_regret", "least", lambda value: f"{value:.4f}"),
                told("max_regret", "least", lambda value: f"{value:.3f}"),
                unanswered,
                told("evaluations", "least", lambda value: f"{value:,.0f}"),
                told("network_costs", "least", lambda value: f"{value:,.0f}"),
            ])
    columns = ["set, model", "method", "exact, %", "mean regret", "max regret", "unanswered, %", "evaluations"]
    return table([*columns, "network costs"], lines)


def table_of_adaptive(studies):
    lines = []
    for (space, kind, model), study in studies.items():
        (own,), all_, kept = study.of("adaptive"), study.summary["evaluations"], study.summary["evaluations_remembered"]
        walks = int(own["evaluations"])
        lines.append([
            space, kind, model, f"{100 * float(own['exact_share']):g}", f"{float(own['max_missed']):g}", own["violations"],
            f"{all_:,}", f"{kept:,}", f"{walks:,}", f"{100 * walks / all_:.2f}", f"{100 * walks / kept:.1f}",
        ])  # fmt: skip
    columns = ["space", "set", "model", "exact, %", "certificate", "violated", "`coupled`", "with memory", "`adaptive`"]
    return table([*columns, "% of `coupled`", "% of that with memory"], lines)


def trust(study):
    """For each proxy, how similarly the other designs rank a sample of networks, and how well its shortlist does on them."""
    alike = {}
    for figure in ("latency", "energy"):
        sampled = {name: direction(figures[:SAMPLE]) for name, figures in study.column(figure).items()}
        for a, own in sampled.items():
            alike.setdefault(a, []).append([product(own, other) for b, other in sampled.items() if a != b])
    told = []
    for row in study.of("semi-decoupled"):
        both = statistics.mean(map(min, *alike[row["proxy"]]))
        told.append((both, 100 * float(row["exact_share"]), float(row["max_regret"]), row["proxy"]))
    return told


BANDS = [(0.99, 1.01), (0.97, 0.99), (0.95, 0.97), (0.9, 0.95), (0.8, 0.9), (-1, 0.8)]


def table_of_trust(studies):
    lines, pooled = [], {band: [] for band in BANDS}
    for (space, kind, model), study in studies.items():
        told = trust(study)
        if model == "exact":
            for entry in told:
                pooled[next(band for band in BANDS if band[0] <= entry[0] < band[1])].append(entry)
        agree = spearman([entry[0] for entry in told], [entry[1] for entry in told])
        chosen, worst = max(told), min(told)
        best = max(entry[1] for entry in told)
        lines.append([
            space, kind, model, f"{agree:.2f}", f"{chosen[0]:.3f}: {chosen[1]:.1f}",
            f"{worst[0]:.3f}: {worst[1]:.1f}", f"{best:.1f}", f"`{chosen[3]}`",
        ])  # fmt: skip
    columns = ["space", "set", "model", "rank correlation", "most alike: exact, %", "least alike: exact, %", "best proxy"]
    by_study = table([*columns, "most alike is"], lines)
    lines = []
    for (low, high), entries in pooled.items():
        if entries:
            shares = sorted(entry[1] for entry in entries)
            band = f"below {high}" if low < 0 else f"{low} to {min(high, 1)}"
            worst = max(entry[2] for entry in entries)
            lines.append([band, str(len(entries)), spread(shares, lambda value: f"{value:.1f}"), f"{worst:.3f}"])
    by_band = table(["mean rank correlation on the sample", "proxies", "exact, %: worst / median / best", "max regret"], lines)
    return by_study, by_band


def layers(study, design, network):
    """The layers of a network on a design, as `estimate` costs them with the exact model, and with MAESTRO's model."""
    row = next(row for row in study.designs if row["design"] == design)
    file = OUTPUT / "networks" / f"{study.space}_{network}.m"
    run(file, f"network {file.stem}", f"space sample --space {study.space} --id {network} --format maestro")
    hw = "--hw study --noc-hops 1 " + " ".join(
        f"--{flag} {row[column]}"
        for flag, column in (("pes", "pes"), ("noc-bw", "noc"), ("offchip-bw", "offchip"), ("l1", "l1"), ("l2", "l2"))
    )
    told = []
    for model in ("exact", "maestro"):
        name = f"{study.space}_{study.kind}_{design}_{network}_{model}.csv"
        fit = "--fit" if model == "maestro" else ""
        asked = f"estimate --network {file} {hw} --dataflow {row['dataflow']} --model {model} {fit} --format csv"
        run(OUTPUT / "networks" / name, name, asked)
        told.append(rows(OUTPUT / "networks" / name))
    return told


WAITS = {"wait_compute": "compute", "wait_noc_in": "NoC in", "wait_noc_out": "NoC out", "wait_offchip": "off-chip"}


def largest(costed):
    """The kind of layer that takes the largest share of the cycles, and what these layers mostly wait for."""
    total = sum(int(row["cycles"]) for row in costed)
    kinds = {}
    for row in costed:
        kernel = re.search(r"\d+x\d+(?=[/ ])", row["shape"])
        kinds.setdefault((row["kind"], kernel.group() if kernel else ""), []).append(row)
    (kind, kernel), own = max(kinds.items(), key=lambda entry: sum(int(row["cycles"]) for row in entry[1]))
    cycles = sum(int(row["cycles"]) for row in own)
    one = max(own, key=lambda row: int(row["cycles"]))
    if "bound" in one:
        waits = statistics.mode(row["bound"] for row in sorted(own, key=lambda row: -int(row["cycles"])))
    else:
        waits = WAITS[max(WAITS, key=lambda column: sum(int(row[column]) for row in own))]
    told = f"{kind} {kernel}: {100 * cycles / total:.0f} %, {waits}"
    return total, told, f"`{one['layer']}` {one['shape']}: {100 * int(one['cycles']) / total:.0f} %"


def table_of_worst(studies):
    """The worst pair of designs for each space, set and pair of dataflows: five of these, and the networks that change places."""
    groups = {}
    for (space, kind, model), study in studies.items():
        if model != "exact" or kind == "limits":
            continue
        for (a, b), rho in study.ranks("latency").items():
            group = space, kind, *sorted((study.dataflow[a], study.dataflow[b]))
            groups[group] = min(groups.get(group, (2.0, "", "")), (rho, a, b))
    lines, details = [], []
    for number_, (group, (rho, a, b)) in enumerate(sorted(groups.items(), key=lambda entry: entry[1])[:5], 1):
        space, kind = group[:2]
        study, other = studies[space, kind, "exact"], studies[space, kind, "maestro"]
        told = other.ranks("latency")
        theirs = told.get((a, b), told.get((b, a)))
        energy = study.ranks("energy")[a, b]
        lines.append([
            str(number_), f"{space}, {kind}", f"`{a}`", f"`{b}`", f"{rho:.3f}", f"{theirs:.3f}", f"{energy:.3f}"
        ])  # fmt: skip
        columns = study.column("latency")
        ids = [row["id"] for row in rows(study.at / "networks.csv")]
        places = [place for place in range(len(ids)) if columns[a][place] is not None and columns[b][place] is not None]
        x, y = (ranked([columns[design][place] for place in places]) for design in (a, b))
        moved = [q - p for p, q in zip(x, y)]
        for place in (moved.index(max(moved)), moved.index(min(moved))):
            network = ids[places[place]]
            for design, rank in ((a, x[place]), (b, y[place])):
                exact, maestro = layers(study, design, network)
                cycles, kinds, one = largest(exact)
                assert cycles == columns[design][places[place]], (design, network)
                theirs, their_kinds, _ = largest(maestro)
                details.append([
                    str(number_), network, f"`{design}`", f"{rank + 1:.0f}", f"{cycles:,}", kinds, one,
                    f"{theirs:,}", their_kinds,
                ])  # fmt: skip
    pairs = table(["", "space, set", "design", "design", "exact", "MAESTRO", "energy, exact"], lines)
    columns = ["", "network", "design", "rank", "cycles", "where they are", "largest layer", "MAESTRO's cycles", "where"]
    return pairs, table(columns, details)


def tables_of_map(mapped):
    """Rank correlations with mapped designs, and how well designs of each dataflow serve as proxies."""
    kinds = {
        "between mapped designs": lambda a, b: a == b == "map",
        "mapped with presets": lambda a, b: (a == "map") != (b == "map"),
        "within a preset": lambda a, b: "map" not in (a, b) and a == b,
        "across presets": lambda a, b: "map" not in (a, b) and a != b,
    }
    ranks, proxies = [], []
    for (space, kind), study in mapped.items():
        for figure in ("latency", "energy"):
            pairs = study.ranks(figure)
            of = lambda kind: [rho for (a, b), rho in pairs.items() if kind(study.dataflow[a], study.dataflow[b])]
            ranks.append([space, kind, figure, *(least_and_median(of(kind)) for kind in kinds.values())])
        latency = study.column("latency")
        for name in [*DATAFLOWS, "map"]:
            own = [row for row in study.of("semi-decoupled") if study.dataflow[row["proxy"]] == name]
            exact = sorted(100 * float(row["exact_share"]) for row in own)
            regret = sorted((float(row["max_regret"]) for row in own), reverse=True)
            designs = [row for row in study.designs if row["dataflow"] == name]
            # Only networks that run on both designs.
            both = (zip(latency[row["design"]], latency.get(f"map_{row['accelerator']}", [])) for row in designs)
            best = [x / y for pairs in both for x, y in pairs if x and y]
            if not best:
                continue
            proxies.append([
                space, kind, f"`{name}`", f"{statistics.median(best):.2f}, {max(best):.1f}",
                spread(exact, lambda value: f"{value:.1f}"), spread(regret, lambda value: f"{value:.3f}"),
            ])  # fmt: skip
    columns = ["space", "set", "proxy under", "cycles / mapped: median, most", "exact, %", "max regret"]
    return table(["space", "set", "of", *kinds], ranks), table(columns, proxies)


def figures(studies):
    """Heat maps and regret by proxy, for both models."""
    FIGURES.mkdir(exist_ok=True)
    numbers = (3, 7, 2)  # 16, 128 and 512 PEs
    columns = ",".join(f"{dataflow}_accelerator_{number_}" for dataflow in DATAFLOWS for number_ in numbers)
    for model in ("exact", "maestro"):
        study = studies["alphanet", "unlimited", model]
        at = study.at / "heat"
        asked = f"space srcc {study.at}/latency.csv --metric latency --low 0 --columns {columns} --output {at}"
        run(study.at / "heat.txt", f"heat map, {model}", asked)
        (FIGURES / f"heat-{model}.svg").write_bytes((at / "srcc_latency.svg").read_bytes())
        run(study.at / "report.txt", f"regret by proxy, {model}", f"report {study.at}")
        regret = study.at / "figures" / "regret-mean.svg"
        (FIGURES / f"regret-{model}.svg").write_bytes(regret.read_bytes())


def main():
    start = time.monotonic()
    every = run(OUTPUT / "tiny_all.csv", "tiny: its selection", "space select --space tiny --format csv")
    for count in (TINY, TINY_MAPPED):
        (OUTPUT / f"tiny_{count}.csv").write_text("".join(every.splitlines(keepends=True)[: count + 1]))
    studies = {
        (space, kind, model): Study(space, kind, model, hw) for space in SPACES for (kind, model), hw in SETS.items()
    }
    wide = {key: study for key, study in studies.items() if key[1] != "limits"}
    # The best mapping of each layer on each accelerator.
    mapped = {
        (space, kind): Study(
            space, f"map-{kind}", "exact", f"{SETS[kind, 'exact']} {BEST}", f"{PRESETS},map", "semi-decoupled", TINY_MAPPED
        )
        for space in SPACES
        for kind in MAPPED
    }
    # No two designs of a dataflow have the same number of PEs.
    odd = {
        (space, "all PEs differ", "exact"): Study(
            space, "pes", "exact", "--hw-grid pes=25..1005:20,noc=64,offchip=8,l1=1024,l2=524288", methods="adaptive"
        )
        for space in SPACES
    }
    blocks = {"fit": table_of_fit(studies, mapped), "ranks": table_of_ranks(wide), "models": table_of_models(wide)}
    blocks |= {f"methods-{space}": table_of_methods(studies, space) for space in SPACES}
    blocks["adaptive"] = table_of_adaptive(studies | odd)
    blocks["trust"], blocks["bands"] = table_of_trust(wide)
    blocks["worst"], blocks["layers"] = table_of_worst(studies)
    blocks["map"], blocks["map-proxies"] = tables_of_map(mapped)
    figures(studies)
    page = PAGE.read_text()
    for name, text in blocks.items():
        page, found = re.subn(
            rf"(<!-- {name} -->\n).*?(<!-- / -->)", lambda hit: f"{hit[1]}\n{text}\n\n{hit[2]}", page, flags=re.DOTALL
        )
        assert found == 1, f"{PAGE} has no block {name}"
    PAGE.write_text(page)
    print(f"{time.monotonic() - start:7.1f} s in all", file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    PROGRAM, OUTPUT = sys.argv[1], Path(sys.argv[2])
    main()
