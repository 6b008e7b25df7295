"""Long commands on a Ray cluster: shares of the work as tasks, joined to the files that one machine would have written.

>>> import ray, maestrino.ray
>>> ray.init(address="auto")
>>> maestrino.ray.campaign(output="/shared/alphanet", shards=50, space="alphanet", hw="study50", dataflow=["kcp_ws", "rs"], block=2000)

`output` is on storage that all workers see. Parts that are there, whole and of the same command are not done again, so that the same
call goes on after whatever ended it; a task whose worker is lost is tried again so often as `retries` says, and goes on where that
one was. Each task works with `cpus` CPUs. The number of finished parts goes to standard error."""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

from ._commands import _arguments, _error, _own, _tables, run
from ._maestrino import __version__, within
from ._table import Table


def _done(path: str, command: list[str]) -> bool:
    """Whether a part of this command exists and all its checksums are correct."""
    try:
        with zipfile.ZipFile(path) as part:
            about = json.loads(part.read("part.json"))
            return (about["maestrino"], about["command"]) == (__version__, command) and part.testzip() is None
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return False


def _part(command: list[str], flags: list[str], path: str) -> str:
    """Runs a share of a command within this process, so ending the process ends the work. Returns the file of the part."""
    code, messages = within(["maestrino", *command, *flags])
    if code:
        raise _error(code, messages)
    return path


def _all(command: list[str], output: Any, shards: int, cpus: int, retries: int, options: dict[str, Any]) -> str:
    """Runs all shares of a command that do not exist yet, joins them, and returns what the command prints."""
    import ray

    output = os.path.abspath(output)
    # A place where all workers see the files.
    inputs = f"{output}.inputs"
    shutil.rmtree(inputs, ignore_errors=True)
    arguments = [*command, *_arguments(options, inputs)]
    resume = ["--resume"] if command[-1] in ("map", "campaign") else []
    environment = {"env_vars": {"RAYON_NUM_THREADS": str(cpus)}}
    task = ray.remote(num_cpus=cpus, max_retries=retries, runtime_env=environment)(_part)
    parts = [f"{output}.part-{share}-of-{shards}" for share in range(1, shards + 1)]
    waiting = [
        task.remote(arguments, [f"--shard={share}/{shards}", f"--output={output}", *resume], path)
        for share, path in enumerate(parts, 1)
        if not _done(path, arguments)
    ]
    while waiting:
        print(f"maestrino {' '.join(command)}: {shards - len(waiting)} of {shards} parts", file=sys.stderr, flush=True)
        done, waiting = ray.wait(waiting)
        try:
            ray.get(done)
        except ray.exceptions.RayTaskError as error:
            for other in waiting:
                ray.cancel(other, force=True)
            raise error.cause from None
    printed = run("merge", *parts, f"--output={output}")
    for path in parts:
        os.remove(path)
    shutil.rmtree(inputs, ignore_errors=True)
    return printed


def campaign(*, output: Any, shards: int, cpus: int = 1, retries: int = 3, **options: Any) -> dict[str, Table]:
    """`maestrino.campaign` in `shards` tasks."""
    _all(["space", "campaign"], output, shards, cpus, retries, options)
    return _tables(Path(output))


def map(
    network: Any, hw: Any = None, *, output: Any, shards: int, cpus: int = 1, retries: int = 3, **options: Any
) -> Table:
    """`maestrino.map` in `shards` tasks."""
    options = {"network": network, "hw": hw, **options, "format": "csv"}
    return Table(_all(["map"], output, shards, cpus, retries, options))


def explore(
    network: Any, hw_grid: Any, *, output: Any, shards: int, cpus: int = 1, retries: int = 3, **options: Any
) -> Table:
    """`maestrino.explore` in `shards` tasks. The table is written to `output`."""
    options = _own({"network": network, "hw_grid": hw_grid, **options, "format": "csv"})
    _all(["explore"], output, shards, cpus, retries, options)
    return Table(Path(output).read_text())


def codesign(*, output: Any, shards: int, cpus: int = 1, retries: int = 3, **options: Any) -> Table:
    """`maestrino.codesign` in `shards` tasks, which cost the networks or evolve with a share of the seeds."""
    return Table(_all(["codesign"], output, shards, cpus, retries, {**options, "format": "csv"}))
