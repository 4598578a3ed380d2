"""The notebooks among the guides run, give what they show, and are short."""

import re
from itertools import groupby
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "engine/docs/notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))

MAX_CELLS = 15
MAX_BYTES = 150_000

MAX_SECONDS = 900  # of a cell


def _texts(cell: Any) -> list[str]:
    """Return the texts that a cell has printed or returned, without the addresses of objects.

    A kernel sends what a cell prints in as many pieces as it is slow, so neighbours of one stream are joined.
    """
    outputs = cell.get("outputs", ())
    streams = groupby(outputs, key=lambda one: one.get("name"))
    texts = ["".join(one.get("text") or one["data"]["text/plain"] for one in pieces) for _, pieces in streams]
    return [re.sub(r" at 0x\w+", "", text) for text in texts]


def _pictures(cell: Any) -> int:
    return sum("image/png" in one.get("data", {}) for one in cell.get("outputs", ()))


@pytest.mark.filterwarnings("default")  # of the kernel's libraries
@pytest.mark.usefixtures("run_home")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_gives_the_outputs_that_it_shows(path: Path, tmp_path: Path) -> None:
    kept = nbformat.read(path, as_version=4)
    found = nbformat.read(path, as_version=4)
    NotebookClient(
        found, timeout=MAX_SECONDS, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    assert len(found.cells) == len(kept.cells)
    for new, old in zip(found.cells, kept.cells, strict=True):
        assert (_texts(new), _pictures(new)) == (_texts(old), _pictures(old)), old.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_short_and_its_links_lead_somewhere(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert len(cells) <= MAX_CELLS
    assert path.stat().st_size <= MAX_BYTES
    links = [link for cell in cells for link in re.findall(r"\]\(([^)]+)\)", cell.source)]
    assert links
    assert all((path.parent / link).exists() for link in links)
