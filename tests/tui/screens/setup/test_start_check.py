from pathlib import Path
from types import MappingProxyType

from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.messages import TableInspected
from nnsize_tui.screens.setup.start_check import NOT_YET, Obstacle, ready_settings
from nnsize_tui.screens.setup.state import SetupState
from support.made_summaries import made_summary


def draft_of(**values: str) -> Draft:
    return Draft(values=MappingProxyType(values))


def never(_: Draft) -> None:
    raise AssertionError("the draft was checked again")


def test_a_complete_draft_gives_the_settings_of_its_run() -> None:
    settings = ready_settings(SetupState(draft_of(neurons="4,8")), never)
    assert isinstance(settings, SizeSettings)
    assert settings.neurons == "4,8"


def test_the_first_wrong_field_keeps_a_run_from_being_started() -> None:
    found = ready_settings(SetupState(draft_of(neurons="4,", cv="none")), never)
    assert found == Obstacle(field="neurons", reason="neurons has to be mended.")


def test_a_table_must_be_seen_first_and_again_when_it_has_changed(tmp_path: Path) -> None:
    table = tmp_path / "passengers.csv"
    table.write_text("a,b\n1,2\n")
    state = SetupState(draft_of(data=str(table)))
    assert ready_settings(state, never) == Obstacle(reason=NOT_YET)
    inspection = state.reading.inspection
    assert inspection is not None
    state.take_inspection(TableInspected(inspection, made_summary(inspection.choice)))
    assert isinstance(ready_settings(state, never), SizeSettings)

    table.write_text("a,b\n1,2\n3,4\n")
    checked: list[Draft] = []

    def check(draft: Draft) -> None:
        checked.append(draft)
        state.take(draft)

    found = ready_settings(state, check)
    assert isinstance(found, Obstacle)
    assert found.field == "data"
    assert found.reason.startswith("passengers.csv has changed since")
    assert checked == [state.draft]


def test_a_table_that_is_gone_is_wrong(tmp_path: Path) -> None:
    table = tmp_path / "passengers.csv"
    table.write_text("a,b\n1,2\n")
    state = SetupState(draft_of(data=str(table)))
    table.unlink()
    found = ready_settings(state, state.take)
    assert isinstance(found, Obstacle)
    assert (found.field, found.seconds) == ("data", None)
