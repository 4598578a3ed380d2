"""Finished runs made without computing, which together have a row in every table, with its checksum."""

import os
import struct
from contextlib import closing
from functools import lru_cache
from pathlib import Path

from campaign.scratch import remove_all
from campaign.whole_runs import campaign_folder
from nnsize_engine.runs import writer
from nnsize_engine.runs.database import CHECKPOINT_NAME, open_for_writing, settle, transaction
from nnsize_engine.runs.ledger import count_facts
from support.made_comparisons import make_comparison
from support.made_references import made_reference
from support.made_runs import GRID, LAYERED, made_network, made_run, make_evolution
from support.made_watched import HALVING, made_watched
from support.signed_runs import edit_signed

NAMES = ("search", "parameters", "layers", "evolution", "comparison", "watched")


@lru_cache(maxsize=1)
def filled_runs() -> dict[str, Path]:
    """Return the folders of the runs by their names; each process makes its own."""
    home = campaign_folder() / f"made-{os.getpid()}"
    remove_all(home)
    found = {
        "search": _search(home),
        "parameters": made_run(home, "parameters", GRID),
        "layers": made_run(home, "layers", LAYERED, is_surface=True),
        "evolution": make_evolution(home, "evolution"),
        "comparison": make_comparison(home, "comparison"),
        "watched": made_watched(home, "watched", HALVING, failed=((2, 1),)),
    }
    assert tuple(found) == NAMES
    _write_checkpoint(found["evolution"])
    for folder in found.values():
        with closing(open_for_writing(folder)) as connection:
            with transaction(connection, folder):
                count_facts(connection)
            settle(connection)
    return found


def _search(home: Path) -> Path:
    """Make a search with references, further scores, a loss curve and a network."""
    folder = made_run(home, "search")
    with closing(open_for_writing(folder)) as connection:
        with transaction(connection, folder):
            writer.set_loss_curve(connection, 0, 0, struct.pack("<2d", 0.5, 0.25))
            writer.add_reference(connection, made_reference("dummy", 0, 0.5))
            writer.set_final_network(connection, 0, made_network("best", 3))
            writer.set_encoder(connection, b"encoder")
            writer.keep_unfinished(connection, 1, 2, 3.5, b"weights")
            for table, owner, who in (("score", "candidate", 0), ("reference_score", "reference", "dummy")):
                connection.execute(f"INSERT INTO {table} ({owner}, fold, name, test) VALUES (?, 0, 'f1', 0.5)", (who,))
            count_facts(connection)
        settle(connection)
    edit_signed(folder, "UPDATE score SET checksum = 0", "UPDATE reference_score SET checksum = 0")
    return folder


def _write_checkpoint(folder: Path) -> None:
    import numpy as np

    with (folder / CHECKPOINT_NAME).open("wb") as file:
        np.savez(file, members=np.zeros((3, 4)), losses=np.ones(3))
