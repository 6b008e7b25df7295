"""Long commands on a Ray cluster: shares of the work as tasks, joined to the files that one machine would have written.

>>> import ray, maestrino.ray
>>> ray.init(address="auto")
>>> maestrino.ray.campaign(output="/shared/alphanet", shards=50, space="alphanet", hw="study50", dataflow=["kcp_ws", "rs"], block=2000)

`output` is on storage that all workers see. A part that is there and whole is not done again, so that the same call goes on after
whatever ended it; a task whose worker is lost is tried again, and goes on where that one was."""

from __future__ import annotations

import os
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from ._commands import _arguments, _run, run
from ._table import Table


def _whole(path: Path) -> bool:
    """Whether a part is there, every checksum right."""
    try:
        with zipfile.ZipFile(path) as part:
            return part.testzip() is None
    except (OSError, zipfile.BadZipFile):
        return False


def _part(command: list[str], output: str, share: int, shards: int, threads: int) -> str:
    """Does a share of a command; gives the file of the part."""
    path = Path(f"{output}.part-{share}-of-{shards}")
    if not _whole(path):
        environment = {**os.environ, "RAYON_NUM_THREADS": str(threads)}
        _run([*command, f"--shard={share}/{shards}", f"--output={output}", "--resume"], environment)
    return str(path)


def _all(command: list[str], output: str, shards: int, cpus: int, retries: int, options: dict[str, Any]) -> str:
    import ray

    with tempfile.TemporaryDirectory() as directory:
        # Networks that are objects stand beside the output, where all workers see them.
        arguments = [*command, *_arguments(options, os.path.dirname(os.path.abspath(output)) or directory)]
        part = ray.remote(num_cpus=cpus, max_retries=retries)(_part)
        waiting = [part.remote(arguments, output, share, shards, cpus) for share in range(1, shards + 1)]
        parts: list[str] = []
        while waiting:
            done, waiting = ray.wait(waiting)
            parts += ray.get(done)
            print(f"{' '.join(command)}: {len(parts)} of {shards} parts", file=sys.stderr, flush=True)
    printed = run("merge", *sorted(parts), "--output", output)
    for path in parts:
        os.remove(path)
    return printed


def campaign(*, output: str, shards: int, cpus: int = 1, retries: int = 3, **options: Any) -> dict[str, Table]:
    """`maestrino.campaign` in so many tasks of `cpus` CPUs each; a task whose worker is lost is tried again so often."""
    _all(["space", "campaign"], output, shards, cpus, retries, options)
    return {path.stem: Table(path.read_text()) for path in sorted(Path(output).glob("*.csv"))}


def map(network: Any, hw: Any = None, *, output: str, shards: int, cpus: int = 1, retries: int = 3, **options: Any) -> Table:
    """`maestrino.map` in so many tasks of `cpus` CPUs each; a task whose worker is lost is tried again so often."""
    options = {"network": network, "hw": hw, **options, "format": "csv"}
    return Table(_all(["map"], output, shards, cpus, retries, options))
