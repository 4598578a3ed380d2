"""A fitness that no list holds on the setup screen: typed, from a matrix, or a Python function."""

from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from textual.pilot import Pilot

from nnsize_engine.preflight import client
from nnsize_engine.preflight.client import Question
from nnsize_engine.runs import launch
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.run import StartedSettings
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.screens.dialogs.pick_names import PickNames
from nnsize_tui.screens.setup import background_preflight
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.plan import Plan, make_plan
from nnsize_tui.screens.setup.read_draft import read_draft
from nnsize_tui.screens.setup.screen import SetupScreen
from nnsize_tui.screens.setup.setting_list import SettingList
from support.made_runs import made_run
from support.made_summaries import made_estimate_of, made_summary
from support.pilots import until, until_shown
from support.setup_pilots import there


def planned(**texts: str) -> Plan:
    draft = Draft(kind="evolution", values=MappingProxyType({"strategy": EvolutionSettings().strategy} | texts))
    reading = read_draft(draft)
    summary = made_summary(reading.inspection.choice) if reading.inspection is not None else None
    return make_plan(draft, reading, summary)


def settings_of(plan: Plan) -> EvolutionSettings:
    assert isinstance(plan.settings, EvolutionSettings), plan.problems
    return plan.settings


def test_a_matrix_is_read_and_makes_its_cost_the_fitness(tmp_path: Path) -> None:
    (tmp_path / "cost.csv").write_text(",1,0\n1,0,5\n0,1,0\n")
    for text in ("0,1;5,0", str(tmp_path / "cost.csv")):
        settings = settings_of(planned(cost=text))
        assert (settings.fitness, settings.cost) == ("cost", "0,1;5,0")
    assert "needed: the classes of breast_cancer are 0, 1" in planned(cost="0,1,2;1,0,1").problems["cost"]
    assert "cannot be read" in planned(cost="there.csv").problems["cost"]
    both = planned(cost="0,1;5,0", fitness="accuracy")
    assert both.problems["cost"] == "cost is the matrix of fitness cost, and fitness is accuracy; leave one out"


def test_bits_and_groups_are_read(tmp_path: Path) -> None:
    assert settings_of(planned(bits="4")).bits == 4
    assert planned(bits="3").problems["bits"].startswith("bits is 3; weights are rounded to 8, 4, 2 or 1 bits")
    path = tmp_path / "patients.csv"
    path.write_text("a,b\n1,2\n")
    draft = Draft(kind="evolution", values=MappingProxyType({"data": str(path), "fitness_groups": "hospital"}))
    inspection = read_draft(draft).inspection
    assert inspection is not None
    assert inspection.choice == TableChoice(source=str(path), fitness_groups="hospital")


@pytest.mark.parametrize(
    ("fitness", "data", "is_kept"),
    [
        ("fbeta:3", "breast_cancer", True),
        ("fbeta:3", "iris", False),
        ("quantile:0.8", "diabetes", True),
        ("quantile:8", "diabetes", False),
        ("sklearn.metrics:max_error", "diabetes", True),
    ],
)
def test_a_typed_fitness_is_kept_while_it_fits_the_data(fitness: str, data: str, is_kept: bool) -> None:
    found = settings_of(planned(fitness=fitness, data=data)).fitness
    assert (found == fitness) is is_kept


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[StartedSettings]:
    """Return the settings that are measured; preflight processes have made-up answers."""
    settings: list[StartedSettings] = []

    def estimate(given: StartedSettings, question: Question | None = None) -> Any:
        settings.append(given)
        return made_estimate_of(given, question)

    monkeypatch.setattr(client, "estimate", estimate)
    monkeypatch.setattr(background_preflight, "PAUSE_SECONDS", 0.001)
    return settings


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[StartedSettings]:
    """Return the settings of the runs that are started; none is."""
    settings: list[StartedSettings] = []

    def start(given: StartedSettings, folder: Path, **_: object) -> Path:
        settings.append(given)
        return made_run(folder, "brandnew", state="running", fits=2)

    monkeypatch.setattr(launch, "start", start)
    return settings


async def pick_fitness(pilot: Pilot[None], text: str) -> None:
    await pilot.press("e")
    await there(pilot)
    pilot.app.screen.query_one(SettingList).choose("fitness")
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, PickNames))
    await pilot.press(*text)
    await until_shown(pilot, f"› {text}")
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, SetupScreen))


@pytest.mark.usefixtures("measured")
async def test_a_fitness_that_the_list_lacks_can_be_typed_there(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(100, 40)) as pilot:
        await pick_fitness(pilot, "fbeta:3")
        await until_shown(pilot, "‹ fbeta:3 ›", "maximised")


async def test_a_function_is_not_measured_and_runs_only_after_a_yes(
    explorer: ExplorerApp, started: list[StartedSettings], measured: list[StartedSettings]
) -> None:
    async with explorer.run_test(size=(100, 40)) as pilot:
        await pick_fitness(pilot, "sklearn.metrics:log_loss")
        await until_shown(pilot, "it runs the code of sklearn.metrics:log_loss", "no estimate: a generation would run")
        before = len(measured)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(explorer.screen, Confirm))
        await until_shown(pilot, "The fitness is the Python function sklearn.metrics:log_loss.", "Run the code (y)")
        await pilot.press("n")
        await until(pilot, lambda: isinstance(explorer.screen, SetupScreen))
        assert not started
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(explorer.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: len(started) == 1)
        assert len(measured) == before
