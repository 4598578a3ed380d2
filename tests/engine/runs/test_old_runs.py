"""Which runs are old, and the size of runs on disk."""

from pathlib import Path

import pytest

from nnsize_engine.errors import SettingsError
from nnsize_engine.runs.old_runs import older_runs, parse_age
from nnsize_engine.runs.stored_size import stored_bytes
from support.made_runs import CREATED, made_corrupt, made_run

DAY = 86400.0


@pytest.mark.parametrize(
    ("text", "seconds"), [("12h", 12 * 3600), ("30d", 30 * DAY), ("4w", 28 * DAY), ("1.5 D", 1.5 * DAY), ("0h", 0)]
)
def test_ages_are_hours_days_or_weeks(text: str, seconds: float) -> None:
    assert parse_age(text) == seconds


@pytest.mark.parametrize("text", ["", "30", "d", "-1d", "30m", "1e3d", "nan d", "inf", "३d", "9999999d", "1d 2h"])
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="must be a number of hours, days or weeks, such as 12h, 30d or 4w"):
        parse_age(text)


def test_runs_that_are_live_or_unreadable_are_never_old(run_home: Path) -> None:
    made_run(run_home, "newest")
    old = made_run(run_home, "oldest", age=40 * 24)
    made_run(run_home, "alive", state="running", fits=3, age=50 * 24)
    made_corrupt(run_home, "damage")
    assert older_runs(run_home, 30 * DAY, CREATED + DAY) == [old]
    assert len(older_runs(run_home, 0.0, CREATED + DAY)) == 2


def test_the_size_is_that_of_all_files_and_no_link_is_followed(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    (folder / "inner").mkdir(parents=True)
    (tmp_path / "elsewhere").write_bytes(bytes(10_000))
    (folder / "one").write_bytes(bytes(300))
    (folder / "inner" / "two").write_bytes(bytes(45))
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    (folder / "folder").symlink_to(tmp_path)
    assert stored_bytes(folder) == 345
    assert stored_bytes(tmp_path / "nothing") == 0
