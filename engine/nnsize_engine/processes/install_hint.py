"""The command that installs an optional library where nnsize itself is installed."""

import sys
from pathlib import Path
from typing import Literal

Extra = Literal["parquet", "excel", "zstd", "cluster", "pictures"]


def install_hint(extra: Extra) -> str:
    """Return the advice to install an extra, for the installation at hand: by uv, by pipx, or by pip."""
    prefix = Path(sys.prefix)
    if (prefix / "uv-receipt.toml").exists():
        return f"install it: uv tool install 'nnsize[{extra}]'"
    if (prefix / "pipx_metadata.json").exists():
        return f"install it: pipx install --force 'nnsize[{extra}]'"
    return f"install it: pip install 'nnsize[{extra}]'"
