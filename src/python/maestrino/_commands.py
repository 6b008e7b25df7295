"""The program's long commands as functions: each runs in a process of its own, which Ctrl-C ends, tells on standard error how far
it is, and gives tables. Keywords are the program's flags: `hw_grid="pes=16:32"`, `mixed=True`; lists are joined by commas, dicts
are KEY=VALUE."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from ._maestrino import Error, Network
from ._table import Table


def _argument(value: Any) -> str:
    if isinstance(value, dict):
        return ",".join(f"{key}={_joined(one, ':')}" for key, one in value.items())
    return _joined(value, ",")


def _joined(value: Any, separator: str) -> str:
    if isinstance(value, (list, tuple, range)):
        return separator.join(str(one) for one in value)
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)


def _arguments(options: dict[str, Any], directory: str) -> list[str]:
    """Flags of the program; networks are written into a directory."""
    arguments = []
    for name, value in options.items():
        flag = "--" + name.rstrip("_").replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            arguments.append(flag)
            continue
        if isinstance(value, Network):
            path = Path(directory, f"{value.name}.m")
            path.write_text(value.to_maestro())
            value = path
        arguments.append(f"{flag}={_argument(value)}")
    return arguments


def run(*arguments: str) -> str:
    """Runs the program, `run("map", "--network", "ds_cnn")`, and gives what it writes to standard output.

    What it tells of its progress goes to standard error. Raises `Error` where it fails."""
    return _run(list(arguments), None)


def _run(arguments: list[str], environment: dict[str, str] | None) -> str:
    command = [sys.executable, "-m", "maestrino", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "encoding": "utf-8"}
    with subprocess.Popen(command, env=environment, **pipes) as process:
        try:
            out, told = _followed(process)
        except BaseException:
            process.terminate()
            raise
    if process.returncode == 0:
        return out
    start = told.find("error: ")
    error = Error(told[start + len("error: ") if start >= 0 else 0 :].strip() or f"ended with {process.returncode}")
    error.code = process.returncode
    error.file = error.line = error.column = None
    error.layers = []
    raise error


def _followed(process: subprocess.Popen) -> tuple[str, str]:
    """What a process writes, and what it tells, which is passed on line by line."""
    import threading

    told: list[str] = []

    def follow() -> None:
        for line in process.stderr:
            told.append(line)
            if not line.startswith("error: "):
                sys.stderr.write(line)
                sys.stderr.flush()

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    out = process.stdout.read()
    process.wait()
    thread.join()
    return out, "".join(told)


def _table(command: list[str], options: dict[str, Any]) -> Table:
    with tempfile.TemporaryDirectory() as directory:
        return Table(run(*command, *_arguments(options, directory), "--format=csv"))


def map(network: Any, hw: Any = None, **options: Any) -> Table:
    """The best mapping of each layer on an accelerator: `maestrino map`. `output="best.m"` keeps the mappings."""
    return _table(["map"], {"network": network, "hw": hw, **options})


def sweep(network: Any, **options: Any) -> Table:
    """A network on many accelerators, or under several dataflows, a row for each: `maestrino estimate --hw-grid ...`."""
    return _table(["estimate"], {"network": network, **options})


def explore(network: Any, hw_grid: Any, **options: Any) -> Table:
    """The designs of a grid that none is better than: `maestrino explore`."""
    return _table(["explore"], {"network": network, "hw_grid": hw_grid, **options})


def codesign(**options: Any) -> Table:
    """The best network and accelerator together: `maestrino codesign`."""
    return _table(["codesign"], options)


def campaign(**options: Any) -> dict[str, Table]:
    """Every network on every accelerator under every dataflow: `maestrino space campaign`. A table for each CSV file that it
    writes, by its name: `latency`, `energy`, ... `output` keeps the files."""
    with tempfile.TemporaryDirectory() as directory:
        output = Path(options.setdefault("output", os.path.join(directory, "campaign")))
        run("space", "campaign", *_arguments(options, directory))
        return {path.stem: Table(path.read_text()) for path in sorted(output.glob("*.csv"))}


def calibrate(measured: Any, network: Any, hw: Any = None, **options: Any) -> str:
    """Fits an accelerator to what was measured on it: `maestrino calibrate`. Gives what the program prints; `output="chip.cal"` is
    for `estimate(calibration="chip.cal")`."""
    files = measured if isinstance(measured, (list, tuple)) else [measured]
    with tempfile.TemporaryDirectory() as directory:
        arguments = _arguments({"network": network, "hw": hw, **options}, directory)
        return run("calibrate", *(os.fspath(file) for file in files), *arguments)
