"""The setup of an evolution: typed texts give the same settings as the command."""

from dataclasses import fields
from pathlib import Path
from types import MappingProxyType

import pytest

from nnsize_engine.results.estimates import EvolutionEstimate
from nnsize_engine.settings import population_memory
from nnsize_engine.settings.auto_strategy import recommended
from nnsize_engine.settings.datasets import BUILTIN
from nnsize_engine.settings.descriptions import CLUSTER_TEXTS
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.run import RunSettings
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_engine.settings.toml import config_text
from nnsize_tui.commands.evolve_options import OPTIONS, settings_from
from nnsize_tui.screens.setup.default_draft import draft_of
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.evolution_notes import evaluations_words
from nnsize_tui.screens.setup.fields import DATA, READING
from nnsize_tui.screens.setup.form import FORMS
from nnsize_tui.screens.setup.plan import Plan, make_plan
from nnsize_tui.screens.setup.preflight_results import measure_key
from nnsize_tui.screens.setup.presets import list_presets
from nnsize_tui.screens.setup.read_draft import read_draft
from support.made_runs import made_run
from support.made_summaries import made_summary

FORM = FORMS["evolution"]


def drafted(**texts: str) -> Draft:
    return Draft(kind="evolution", values=MappingProxyType({"strategy": EvolutionSettings().strategy} | texts))


def planned(draft: Draft) -> Plan:
    """Return the plan of a draft with an inspected table."""
    reading = read_draft(draft)
    return make_plan(
        draft, reading, made_summary(reading.inspection.choice) if reading.inspection is not None else None
    )


def test_every_setting_of_an_evolution_is_a_field() -> None:
    own = {field.key for field in FORM.fields} - {field.key for field in (*DATA, *READING)}
    assert own - {"fitness_groups"} | {"split_seed", "target_scale", "jobs", *CLUSTER_TEXTS} == set(OPTIONS)
    assert {field.name for field in fields(EvolutionSettings)} - {"table", "compared"} <= set(FORM.by_key)
    assert all(field.help and field.label for field in FORM.fields)


@pytest.mark.parametrize("strategy", [None, "auto"])
@pytest.mark.parametrize("data", BUILTIN)
def test_what_is_typed_is_what_the_command_makes_of_it(data: str, strategy: str | None) -> None:
    given = {"data": data} | ({} if strategy is None else {"strategy": strategy})
    expected = settings_from({"generations": 7, "layers": "3", **given})
    draft = drafted(generations="7", layers="3", **given)
    found = planned(draft).settings
    assert found == expected


def test_auto_stands_for_the_recommended_strategy() -> None:
    assert drafted(strategy="auto")["evaluations"] == str(recommended().evaluations)
    assert planned(drafted(strategy="auto")).notes["strategy"] == "hill-climbing, with recommended settings"
    found = planned(drafted(strategy="auto", fitness="accuracy"))
    assert found.settings == recommended(fitness="accuracy")
    assert found.notes["strategy"] == "lm-ma-es, with recommended settings"
    assert planned(drafted(strategy="auto", data="diabetes", weight_decay="0.1")).settings == recommended(
        data="diabetes", weight_decay=0.1
    )
    assert "weight-decay is ''" in planned(drafted(weight_decay="")).problems["weight_decay"]


@pytest.mark.parametrize(
    ("key", "text", "reason"),
    [
        ("layers", "64,", "layers '64,' does not read as neurons"),
        ("bounds", "1:-1", "bounds '1:-1': '1:-1' is reversed or empty"),
        ("bounds", "", "name the limits of the weights"),
        ("members", "3", "members is 3; it must be a whole number"),
        ("generations", "x", "generations is 'x'; it must be a whole number, between 0 and"),
        ("mutation", "a", "mutation 'a' is neither a number nor a range"),
        ("mutation", "3", "mutation is 3"),
        ("recombination", "2", "recombination is 2"),
        ("init", "sobl", "init is 'sobl'; it must be one of"),
        ("init", "nowhere.npy", "init"),
        ("validation_fraction", "1", "validation-fraction is 1"),
        ("early_stopping", "yes", "early-stopping watches held-out rows"),
        ("tol", "-1", "tol is -1"),
        ("jobs", "0", "jobs is 0"),
        ("test_size", "2.5", "test-size is 2.5"),
        ("batch_size", "1000", "batch-size is 1000"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(key: str, text: str, reason: str) -> None:
    plan = planned(drafted(**{key: text}))
    assert plan.settings is None
    assert reason in plan.problems[key]


def test_a_population_that_does_not_fit_is_refused_beside_its_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(population_memory, "available_bytes", lambda: 400_000_000)
    assert "members of 4,097 weights need" in planned(drafted()).problems["popsize"]
    assert "members 3000 would fit" in planned(drafted(members="2000000")).problems["members"]


def test_fields_without_meaning_are_passed_over_and_never_refused() -> None:
    draft = drafted(strategy="shade", mutation="x", popsize="-1", members="50")
    assert {"mutation", "recombination", "popsize", "n_iter_no_change"} <= draft.idle
    assert planned(draft).settings == EvolutionSettings(strategy="shade", members=50)


@pytest.mark.parametrize(
    ("strategy", "without"),
    [
        ("best1bin", {"step", "p_best", "archive", "memory"}),
        ("jade", {"step", "mutation", "recombination", "memory"}),
        ("shade", {"step", "mutation", "recombination"}),
        ("lm-ma-es", {"popsize", "mutation", "recombination", "p_best", "archive", "memory"}),
        ("genetic", {"popsize", "mutation", "recombination", "p_best", "archive", "memory"}),
        ("hill-climbing", {"popsize", "mutation", "recombination", "p_best", "archive", "memory", "tol", "atol"}),
        ("simulated_annealing", {"popsize", "mutation", "recombination", "p_best", "archive", "memory", "tol", "atol"}),
    ],
)
def test_each_strategy_passes_over_the_fields_that_it_has_not(strategy: str, without: set[str]) -> None:
    own = {"step", "mutation", "recombination", "p_best", "archive", "memory", "tol", "atol"}
    given = {"strategy": strategy, "generations": "7"}
    draft = drafted(**given)
    assert draft.idle & (own | {"popsize"}) == without
    typed = planned(drafted(**given, **dict.fromkeys(without, "x")))
    assert typed.problems == {}
    assert typed.settings == planned(draft).settings


def test_the_network_its_members_and_their_evaluations_are_counted() -> None:
    plan = planned(drafted())
    assert plan.notes["layers"] == "30-64-32-1: 4,097 weights"
    assert plan.notes["members"] == "20,485 networks"
    assert plan.notes["generations"] == "225,335 evaluations in all"
    assert isinstance(plan.settings, EvolutionSettings)
    assert evaluations_words(plan.settings).startswith("20,485 members x 11 = 225,335 evaluations, ")


def test_a_table_of_ones_own_evolves_too(tmp_path: Path) -> None:
    path = tmp_path / "passengers.csv"
    path.write_text("a,b\n1,2\n")
    plan = planned(drafted(data=str(path), layers="4", fitness="log_loss"))
    assert isinstance(plan.settings, EvolutionSettings)
    assert plan.settings.table == made_summary(TableChoice(source=str(path))).table
    assert planned(drafted(data=str(path), test_size="x")).problems.keys() == {"test_size"}


@pytest.mark.parametrize(
    "settings",
    [
        EvolutionSettings(),
        EvolutionSettings(data="digits", mutation=(0.4, 0.9), recombination=0.3, popsize=2, layers="3"),
        EvolutionSettings(strategy="lshade", members=80, init="glorot", bounds="glorot:3", memory=9, weight_decay=1e-5),
        EvolutionSettings(data="diabetes", fitness="r2", layers="5", validation_fraction=0.2, early_stopping=True),
        recommended(data="iris"),
        SizeSettings(data="iris", scoring="accuracy", neurons="64x32", grid=(("alpha", (0.1, 0.2)),)),
    ],
)
def test_a_run_is_set_up_again_with_the_same_settings(settings: RunSettings) -> None:
    again = planned(draft_of(settings)).settings
    assert again is not None
    assert config_text(again) == config_text(settings)


def test_an_evolution_is_timed_by_what_its_generations_are_measured_by() -> None:
    base = EvolutionSettings()
    for other in (EvolutionSettings(generations=50), EvolutionSettings(seed=4), EvolutionSettings(tol=0.5)):
        assert measure_key(other) == measure_key(base)
    assert measure_key(EvolutionSettings(layers="3")) != measure_key(base)
    assert EvolutionEstimate(
        members=5, first_seconds=1, member_seconds=1, load_seconds=0, gradient_seconds=0, workers=1
    ).seconds(EvolutionSettings(layers="1", members=5, generations=2)) == pytest.approx(15)


def test_presets_are_the_built_in_runs_then_files_then_the_last_runs(tmp_path: Path) -> None:
    made_run(tmp_path / "runs", "older", age=9)
    made_run(tmp_path / "runs", "newer", age=1)
    (tmp_path / "mine.toml").write_text('kind = "evolution"\ndata = "iris"\nlayers = "3"\n')
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
    (tmp_path / "broken.toml").write_text("kind = [")
    (tmp_path / "wrong.toml").write_text('kind = "size"\nnonsense = 3\n')
    found = list_presets(tmp_path / "runs", tmp_path)
    assert [one.name for one in found] == [
        "built-in search", "built-in evolution", "evolution, strategy auto", "mine.toml", "wrong.toml", "newer",
        "older",
    ]  # fmt: skip
    kinds = [one.draft().kind for one in found if one.name != "wrong.toml"]
    assert kinds == ["size", "evolution", "evolution", "evolution", "size", "size"]
    assert planned(found[0].draft()).settings == SizeSettings()
    assert planned(found[3].draft()).settings == EvolutionSettings(data="iris", layers="3")
