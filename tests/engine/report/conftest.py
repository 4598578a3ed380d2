"""Fixtures of reports."""

from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of made-up runs."""
    path = tmp_path / "runs"
    path.mkdir()
    return path
