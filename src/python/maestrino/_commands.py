"""The program's long commands as functions: each runs in a process of its own, which Ctrl-C ends, shows on standard error how far
it is, and gives tables. Keywords are the program's flags: `hw_grid="pes=16:32"`, `mixed=True`; lists are joined by commas, dicts
are KEY=VALUE. Networks and accelerators are names, files or objects."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from ._maestrino import Error, Hardware, Network
from ._table import Table


def _file(value: Any, directory: str) -> Any:
    """The value as the program reads it. Objects are written to files in a directory, under their names."""
    if not isinstance(value, (Network, Hardware)):
        return value
    if isinstance(value, Hardware) and value.is_builtin:
        return value.name
    os.makedirs(directory, exist_ok=True)
    path = Path(directory, f"{value.name}.m")
    text = value.to_maestro()
    if path.exists() and path.read_text() != text:
        raise Error(f"two of them have the name {value.name}: give one another, name=")
    path.write_text(text)
    return path


def _joined(value: Any, separator: str) -> str:
    if isinstance(value, (list, tuple, range)):
        return separator.join(str(one) for one in value)
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)


def _arguments(options: dict[str, Any], directory: str) -> list[str]:
    """The options as flags of the program. Networks and accelerators that are objects are written into a directory."""
    arguments = []
    for name, value in options.items():
        flag = "--" + name.rstrip("_").replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            arguments.append(flag)
            continue
        own = os.path.join(directory, name)
        if isinstance(value, dict):
            text = ",".join(f"{key}={_joined(one, ':')}" for key, one in value.items())
        elif isinstance(value, (list, tuple)):
            text = _joined([_joined(_file(one, own), ",") for one in value], ",")
        else:
            text = _joined(_file(value, own), ",")
        arguments.append(f"{flag}={text}")
    return arguments


def _own(options: dict[str, Any]) -> dict[str, Any]:
    """Adds the accelerator's own dataflows to the options, because a hardware file does not contain them."""
    hw = options.get("hw")
    if isinstance(hw, Hardware) and not hw.is_builtin and options.get("dataflow") is None:
        return {**options, "dataflow": hw.dataflow}
    return options


def run(*arguments: str) -> str:
    """Runs the program, as in `run("map", "--network", "ds_cnn")`, and returns its standard output.

    Its progress goes to standard error. Raises `Error` if it fails."""
    command = [sys.executable, "-m", "maestrino", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "encoding": "utf-8"}
    with subprocess.Popen(command, **pipes) as process:
        try:
            out, messages = _followed(process)
        except BaseException:
            process.terminate()
            raise
    if process.returncode == 0:
        return out
    raise _error(process.returncode, messages)


def _error(code: int, messages: str) -> Error:
    """The error in the program's messages."""
    start = messages.find("error: ")
    error = Error(messages[start + len("error: ") if start >= 0 else 0 :].strip() or f"ended with {code}")
    error.code = code
    error.file = error.line = error.column = None
    error.layers = []
    return error


def _followed(process: subprocess.Popen) -> tuple[str, str]:
    """The output of a process, and its messages, which are passed on line by line."""
    import threading

    messages: list[str] = []

    def follow() -> None:
        for line in process.stderr:
            messages.append(line)
            if not line.startswith("error: "):
                sys.stderr.write(line)
                sys.stderr.flush()

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    out = process.stdout.read()
    process.wait()
    thread.join()
    return out, "".join(messages)


def _table(command: list[str], options: dict[str, Any]) -> Table:
    with tempfile.TemporaryDirectory() as directory:
        printed = run(*command, *_arguments(options, directory), "--format=csv")
    # Some commands print nothing when they write to a file.
    return Table(printed or Path(options["output"]).read_text())


def map(network: Any, hw: Any = None, **options: Any) -> Table:
    """The best mapping of each layer on an accelerator: `maestrino map`. `output="best.m"` keeps the mappings."""
    return _table(["map"], {"network": network, "hw": hw, **options})


def sweep(network: Any, **options: Any) -> Table:
    """The costs of a network on many accelerators or under several dataflows, with a row for each: `maestrino estimate --hw-grid ...`."""
    return _table(["estimate"], _own({"network": network, **options}))


def explore(network: Any, hw_grid: Any, **options: Any) -> Table:
    """The designs of a grid that no other design is better than: `maestrino explore`."""
    return _table(["explore"], _own({"network": network, "hw_grid": hw_grid, **options}))


def codesign(**options: Any) -> Table:
    """The best network and accelerator together: `maestrino codesign`."""
    return _table(["codesign"], options)


def campaign(**options: Any) -> dict[str, Table]:
    """Costs every network on every accelerator under every dataflow: `maestrino space campaign`. Returns a table for each CSV file that it
    writes, by the name of the file: `latency`, `energy`, ... `output` keeps the files."""
    with tempfile.TemporaryDirectory() as directory:
        output = Path(options.setdefault("output", os.path.join(directory, "campaign")))
        run("space", "campaign", *_arguments(options, directory))
        return _tables(output)


def _tables(directory: Path) -> dict[str, Table]:
    return {path.stem: Table(path.read_text()) for path in sorted(directory.glob("*.csv"))}


def calibrate(measured: Any, network: Any, hw: Any = None, **options: Any) -> str:
    """Calibrates an accelerator with measurements: `maestrino calibrate`. Returns what the program prints; `output="chip.cal"` is
    for `estimate(calibration="chip.cal")`."""
    files = measured if isinstance(measured, (list, tuple)) else [measured]
    with tempfile.TemporaryDirectory() as directory:
        arguments = _arguments(_own({"network": network, "hw": hw, **options}), directory)
        return run("calibrate", *(os.fspath(file) for file in files), *arguments)
