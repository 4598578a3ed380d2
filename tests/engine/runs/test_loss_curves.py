import struct
from pathlib import Path

from nnsize_engine.results.search_records import FitProgress
from nnsize_engine.runs.database import open_for_writing, transaction
from nnsize_engine.runs.loss_curves import LossCurveFollower
from nnsize_engine.runs.writer import set_loss_curve
from support.made_runs import made_run


def add_losses(folder: Path, candidate: int, fold: int, losses: list[float]) -> None:
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        set_loss_curve(connection, candidate, fold, struct.pack(f"<{len(losses)}d", *losses))
    connection.close()


def going(epochs: int, loss: float, *, candidate: int = 1, fold: int = 2) -> FitProgress:
    return FitProgress(candidate=candidate, fold=fold, epochs=epochs, loss=loss)


def test_losses_of_finished_fits_are_read_and_those_under_way_are_remembered(run_home: Path) -> None:
    folder = made_run(run_home, "zibiro", fits=7)
    add_losses(folder, 1, 0, [0.5, 0.25])
    follower = LossCurveFollower(folder)
    follower.watch([going(3, 0.9), going(1, 0.1, candidate=2)])
    follower.watch([going(3, 0.9)])
    follower.watch([going(8, 0.4)])
    first, live = follower.look(1, [0, 1])  # of fold 1 nothing is stored
    assert (first.fold, first.epochs, first.losses, first.is_finished) == (0, (1, 2), (0.5, 0.25), True)
    assert (live.fold, live.epochs, live.losses, live.is_finished) == (2, (3, 8), (0.9, 0.4), False)
    assert follower.look(2, []) == ()


def test_a_fit_that_begins_anew_forgets_what_it_had(run_home: Path) -> None:
    follower = LossCurveFollower(run_home)
    follower.watch([going(30, 0.2)])
    follower.watch([going(5, 0.7)])
    assert follower.look(1, [])[0].epochs == (5,)
    follower.watch([])
    assert follower.look(1, []) == ()


def test_a_finished_fit_is_read_once_and_takes_the_place_of_what_was_seen_of_it(run_home: Path) -> None:
    folder = made_run(run_home, "zibiro", fits=10)
    add_losses(folder, 1, 2, [0.5, 0.4])
    follower = LossCurveFollower(folder)
    follower.watch([going(1, 0.5)])
    assert follower.look(1, [2])[0].epochs == (1, 2)
    add_losses(folder, 1, 2, [0.1])
    assert follower.look(1, [2])[0].epochs == (1, 2)
