"""Run the installed commands as a user would."""

import subprocess
import sys
from pathlib import Path

NNSIZE = Path(sys.executable).with_name("nnsize")


def nnsize(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run ``nnsize`` in a pipe and wait for it."""
    return subprocess.run(
        [NNSIZE, *arguments], capture_output=True, text=True, timeout=300, cwd=cwd, stdin=subprocess.DEVNULL
    )
