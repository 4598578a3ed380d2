"""Every choice has a list with a line of words on each entry; several are taken where a setting takes several."""

from collections.abc import Iterator
from contextlib import asynccontextmanager
from types import MappingProxyType

import pytest
from textual.pilot import Pilot

from nnsize_engine.settings.auto_strategy import auto_strategy
from nnsize_engine.settings.network import CHOICES
from nnsize_engine.settings.run import Kind
from nnsize_engine.settings.scorings import CLUSTERING
from nnsize_engine.settings.strategies import AUTO, STRATEGIES
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.dialogs.explanation import Explanation
from nnsize_tui.screens.dialogs.pick_names import NameTable, PickNames
from nnsize_tui.screens.setup.choices import choices_of, takes_typed
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.evolution_notes import evaluations_words
from nnsize_tui.screens.setup.field_words import field_subject
from nnsize_tui.screens.setup.read_draft import read_draft
from nnsize_tui.screens.setup.screen import SetupScreen
from nnsize_tui.screens.setup.setting_list import SettingList
from nnsize_tui.screens.setup.state import SetupState
from support.pilots import shown, until, until_shown
from support.setup_pilots import go_to, there

SIZES = [(80, 24), (160, 48)]
KINDS: tuple[Kind, ...] = ("size", "evolution")


def state_of(kind: Kind, **texts: str) -> SetupState:
    return SetupState(Draft(kind=kind, values=MappingProxyType(texts)))


def lists(state: SetupState) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every field that has a list, with its values and words."""
    for field in state.draft.form.fields:
        choices = choices_of(field, state)
        if choices:
            yield field.key, dict(choices)


@pytest.mark.parametrize("data", ["breast_cancer", "diabetes"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_choice_has_a_list_and_every_entry_a_line(kind: Kind, data: str) -> None:
    state = state_of(kind, data=data)
    found = dict(lists(state))
    one_of_a_few = {field.key for field in state.draft.form.fields if field.kind == "one"}
    assert one_of_a_few <= found.keys()
    if kind == "size":
        assert CHOICES.keys() <= found.keys()
    for key, choices in found.items():
        assert all(choices.values()), key
        field = state.draft.form.by_key[key]
        if field.kind == "one":
            assert set(state.options(field)) == choices.keys(), key
            assert state.value(field) in choices, key


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_of_a_list_can_be_taken_with_a_draft_that_is_otherwise_as_usual(kind: Kind) -> None:
    for key, choices in lists(state_of(kind)):
        for value in choices:
            draft = Draft(kind=kind, values=MappingProxyType({key: value}))
            problem = read_draft(draft).problems.get(key)
            assert problem is None, (key, value, problem)


def test_no_list_has_a_score_of_clusterings() -> None:
    for kind in KINDS:
        for data in ("breast_cancer", "iris", "diabetes"):
            for _, choices in lists(state_of(kind, data=data)):
                assert CLUSTERING.isdisjoint(choices)


def test_strategies_begin_with_auto_which_is_recommended_and_tell_what_they_cost() -> None:
    state = state_of("evolution")
    choices = dict(choices_of(state.draft.form.by_key["strategy"], state))
    assert next(iter(choices)) == AUTO
    assert sorted([*choices][1:]) == sorted(STRATEGIES)
    auto = state_of("evolution", strategy=AUTO).plan.settings
    assert choices[AUTO].startswith(f"recommended: {auto_strategy('log_loss')}, ")
    assert choices[AUTO].endswith(f"; {evaluations_words(auto)}")  # type: ignore[arg-type]
    assert choices["best1bin"].endswith("20,485 members x 11 = 225,335 evaluations, 979 MB")
    assert "at most 1,000 weights" in choices["cma-es"]
    assert "28 members x 714 = 19,992 evaluations" in choices["sep-cma-es"]


def test_what_is_typed_is_taken_where_it_is_valid_and_no_closed_list_has_it() -> None:
    state = state_of("size")
    by_key = state.draft.form.by_key
    assert takes_typed(by_key["cv"], "7", state)
    assert not takes_typed(by_key["cv"], "seven", state)
    assert takes_typed(by_key["neurons"], "3,4", state)
    for key, text in (("activation", "tanh,relu"), ("stratify", "perhaps"), ("solver", "x"), ("cv", "")):
        assert not takes_typed(by_key[key], text, state)
    evolution = state_of("evolution")
    assert takes_typed(evolution.draft.form.by_key["fitness"], "fbeta:3", evolution)
    assert not takes_typed(evolution.draft.form.by_key["fitness"], "perhaps", evolution)


@pytest.mark.parametrize("kind", KINDS)
def test_the_help_has_every_field_in_words_with_its_values(kind: Kind) -> None:
    state = state_of(kind)
    for field in state.draft.form.fields:
        subject = field_subject(field, state)
        assert subject.title == f"The field {field.label}"
        assert ("meaning", field.help) in subject.entries
        signs = [sign for sign, _ in subject.entries]
        assert len(signs) == len(set(signs)), field.key
        assert {name or field.empty for name, _ in choices_of(field, state)} <= set(signs)


@asynccontextmanager
async def picking(explorer: ExplorerApp, key: str, field: str, size: tuple[int, int]):  # type: ignore[no-untyped-def]
    """Open the list of a field of a new run, and give the pilot."""
    async with explorer.run_test(size=size) as pilot:
        await until_shown(pilot, "0 runs")
        await pilot.press(key)
        screen = await there(pilot)
        if field not in [one.key for one in screen.query_one(SettingList)._settings]:
            await pilot.press("ctrl+n")
        go_to(pilot, field)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(explorer.screen, PickNames))
        yield pilot


async def setup_again(pilot: Pilot[None]) -> SetupScreen:
    await until(pilot, lambda: isinstance(pilot.app.screen, SetupScreen))
    screen = pilot.app.screen
    assert isinstance(screen, SetupScreen)
    return screen


@pytest.mark.parametrize("size", SIZES)
async def test_several_activations_are_picked_in_their_order(explorer: ExplorerApp, size: tuple[int, int]) -> None:
    async with picking(explorer, "n", "activation", size) as pilot:
        await until_shown(pilot, "›●relu", "max(0, x)", "from -1 to 1, smooth", "space marks several")
        await pilot.press("down", "space", "enter")
        screen = await setup_again(pilot)
        assert screen.state.draft["activation"] == "relu,tanh"
        await until_shown(pilot, "2 values")


@pytest.mark.parametrize("size", SIZES)
async def test_the_strategy_under_the_cursor_is_explained_with_its_cost(
    explorer: ExplorerApp, size: tuple[int, int]
) -> None:
    async with picking(explorer, "e", "strategy", size) as pilot:
        await pilot.press(*["pageup"] * 3)
        table = explorer.screen.query_one(NameTable)
        assert table.highlighted is not None
        assert table.highlighted.name == AUTO
        await until_shown(pilot, "recommended: hill-climbing", "evaluations")
        assert "evaluations" in " ".join(
            "".join(text for text, _ in line) for line in explorer.screen.query_one(Explanation).lines(size[0] - 10, 3)
        )
        await pilot.press("enter")
        screen = await setup_again(pilot)
        assert screen.state.draft["strategy"] == AUTO


@pytest.mark.parametrize("size", SIZES)
async def test_the_scorings_of_the_task_begin_with_the_usual_one(explorer: ExplorerApp, size: tuple[int, int]) -> None:
    async with picking(explorer, "n", "scoring", size) as pilot:
        names = [one.name for one in explorer.screen.query_one(NameTable).items]
        assert names[:3] == ["roc_auc", "accuracy", "balanced_accuracy"]
        await until_shown(pilot, "share of rows that are predicted")
        assert "rand_score" not in shown(pilot)
        await pilot.press(*"zzz")
        await until_shown(pilot, "Nothing in the list has 'zzz' in its name.")
        await pilot.press("enter")
        assert isinstance(explorer.screen, PickNames)
