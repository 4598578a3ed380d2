"""Run the commands in a process of their own, new or forked, or, twenty times as fast, in this one."""

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import mock

from nnsize_tui.commands import main
from support.warm_processes import COMMAND, run_warm
from support.warm_runners import WarmRunners

NNSIZE = Path(sys.executable).with_name("nnsize")

forking: WarmRunners | None = None
"""Forks the commands; None where they are new processes."""


def nnsize(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the installed ``nnsize`` in a pipe, or a forked one, and wait for it."""
    if forking is not None:
        with contextlib.chdir(cwd or Path.cwd()):
            return run_warm(forking, [COMMAND, *arguments])
    return subprocess.run(
        [NNSIZE, *arguments], capture_output=True, text=True, timeout=900, cwd=cwd, stdin=subprocess.DEVNULL
    )


def nnsize_here(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run ``nnsize`` in this process, for tests with many examples."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, "output"), Path(folder, "errors")]
        with (
            contextlib.chdir(cwd or Path.cwd()),
            Path(os.devnull).open() as nothing,
            files[0].open("w", encoding="utf-8") as output,
            files[1].open("w", encoding="utf-8", errors="backslashreplace") as errors,
            mock.patch.object(sys, "argv", ["nnsize", *arguments]),
            mock.patch.object(sys, "stdin", nothing),
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(errors),
        ):
            try:
                main()
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else 1 if ended.code else 0
        written = [file.read_text(encoding="utf-8") for file in files]
    return subprocess.CompletedProcess([NNSIZE, *arguments], code, *written)
