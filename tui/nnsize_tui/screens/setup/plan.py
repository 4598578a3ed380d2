"""The plan of a draft: the settings of its run, and the problems and notes of its fields."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, cast

from nnsize_engine.errors import SettingsError
from nnsize_engine.results.table_problems import all_problems
from nnsize_engine.results.table_summary import DataSummary, TableProblem
from nnsize_engine.settings.datasets import BUILTIN, DatasetFacts
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.layer_sizes import MIN_AUTO_NEURONS, finds_sizes
from nnsize_engine.settings.run import Kind, StartedSettings, by_started_kind
from nnsize_engine.settings.scoring_words import offered_scorings
from nnsize_engine.settings.scorings import default_scoring, scorings_for, split_scorings
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.separators import SEPARATOR_WORDS
from nnsize_tui.screens.setup import evolution as evolution_setup
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.evolution_fields import EVOLUTION_FIELDS
from nnsize_tui.screens.setup.evolution_notes import notes_of
from nnsize_tui.screens.setup.fields import FIELDS, FOUND_OUT, TABLE_KEYS
from nnsize_tui.screens.setup.messages import PreflightFailure
from nnsize_tui.screens.setup.parse import split_names
from nnsize_tui.screens.setup.read_draft import Reading, networks
from nnsize_tui.text.numbers import inputs_text
from nnsize_tui.text.sentences import class_words, without_dashes
from nnsize_tui.text.table import columns_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The run that would be started now."""

    settings: StartedSettings | None
    """The settings of the run; None while a field is missing or wrong."""

    known: DatasetFacts | None
    """The facts about the data; None while the table is not known."""

    problems: Mapping[str, str]
    """A sentence about each problem, by the key of its field; the key is empty where no field is at fault."""

    notes: Mapping[str, str]
    """The meaning of a field's value, by its key."""

    warning: str = ""
    """A note on warnings about the data; empty without warnings."""

    candidates: int | None = None
    splits: int | None = None
    repeats: int = 1
    fold_rounds: int = 1

    def refused(self, problems: Mapping[str, str]) -> "Plan":
        """Return the plan with problems that a measurement found."""
        return replace(self, settings=None, problems=problems)


def make_plan(
    draft: Draft, reading: Reading, summary: DataSummary | None, refusal: PreflightFailure | None = None
) -> Plan:
    """Make the plan of a run.

    ``summary`` describes the table that the reading names; ``refusal`` says why the table cannot be used. Both are None
    while the table is being inspected.
    """
    problems = dict(reading.problems)
    if refusal is not None:
        problems = problem_of(refusal, draft) | problems
    known = BUILTIN[draft["data"].strip()] if draft.is_builtin else summary.table.known if summary is not None else None
    if summary is not None:
        _check_folds(problems, reading, summary)
    settings: StartedSettings | None = None
    if known is not None and not problems:
        try:
            settings = _SETTINGS[draft.kind](draft, reading, known, summary)
        except SettingsError as error:
            problems[_key(error.field, draft, otherwise="")] = without_dashes(str(error))
    return Plan(
        settings=settings,
        known=known,
        problems=problems,
        notes=_notes(draft, reading, known, summary, settings),
        warning=_warning(summary),
        candidates=reading.candidates,
        splits=reading.splits,
        repeats=cast(int, reading.fields.get("repeats", 1)),
        fold_rounds=cast(int, reading.fields.get("fold_rounds", 1)),
    )


def _settings_of_evolution(
    draft: Draft, reading: Reading, known: DatasetFacts, summary: DataSummary | None
) -> EvolutionSettings:
    fitness = fitness_of(draft, known)
    scoring = draft["scoring"] if draft["scoring"] in scorings_for(known.task, known.targets) else None
    return evolution_setup.make_settings(reading.fields, fitness=fitness, scoring=scoring, known=known, summary=summary)


def _settings_of_search(
    draft: Draft, reading: Reading, known: DatasetFacts, summary: DataSummary | None
) -> SizeSettings:
    scoring, further = split_scorings(scorings_of(draft, known))
    fields: dict[str, Any] = {**reading.fields, "scoring": scoring, "further_scorings": further}
    return SizeSettings(**fields if summary is None else fields | {"data": known.name, "table": summary.table})


_SETTINGS: Mapping[Kind, Callable[[Draft, Reading, DatasetFacts, DataSummary | None], StartedSettings]] = (
    by_started_kind(size=_settings_of_search, evolution=_settings_of_evolution)
)
"""Functions that make the settings of each kind; they raise SettingsError if a setting is refused."""


_FIELDS_OF_OPTIONS = MappingProxyType(
    {"--labels": "categorical", "--day-first": "day-first yes", "--month-first": "day-first no"}
)
"""The words for options that no field is called after."""


def problem_of(refusal: PreflightFailure, draft: Draft) -> dict[str, str]:
    """Return the sentences of a refusal, by the keys of the fields that help."""
    if refusal.summary is None:
        return {_key(refusal.field, draft, otherwise="data"): _in_fields(refusal.reason)}
    found: dict[str, list[TableProblem]] = {}
    for problem in refusal.summary.problems:
        found.setdefault(_key(problem.field, draft, otherwise="data"), []).append(problem)
    return {key: _in_fields(str(all_problems(problems))) for key, problems in found.items()}


def _in_fields(sentence: str) -> str:
    """Return a sentence about options with the fields of the screen in their places."""
    for option, field in _FIELDS_OF_OPTIONS.items():
        sentence = sentence.replace(option, field)
    return without_dashes(sentence)


def _key(field: str | None, draft: Draft, *, otherwise: str) -> str:
    """Return the key of a setting's field; ``otherwise`` for a setting without a field in this form."""
    return field if field is not None and field in draft.form.by_key else otherwise


def fitness_of(draft: Draft, known: DatasetFacts) -> str:
    """Return the fitness that an evolution's draft has for this data."""
    return evolution_setup.fitness_of(draft.texts, is_chosen="fitness" in draft.values, known=known)


def final_scoring_of(draft: Draft, known: DatasetFacts) -> str:
    """Return the scoring of the final test that a draft has for this data."""
    return _FINAL_SCORING[draft.kind](draft, known)


def scorings_of(draft: Draft, known: DatasetFacts) -> str:
    """Return the scorings of a draft, joined by commas: the chosen ones that fit the data, else the usual one."""
    fitting = scorings_for(known.task, known.targets)
    chosen = split_names(draft["scoring"]) if "scoring" in draft.values else ()
    return ",".join(name for name in chosen if name in fitting) or default_scoring(known.task)


_FINAL_SCORING: Mapping[Kind, Callable[[Draft, DatasetFacts], str]] = by_started_kind(
    size=scorings_of,
    evolution=lambda draft, known: evolution_setup.scoring_of(draft["scoring"], known),
)


def _notes(
    draft: Draft,
    reading: Reading,
    known: DatasetFacts | None,
    summary: DataSummary | None,
    settings: StartedSettings | None,
) -> Mapping[str, str]:
    notes: dict[str, str] = {"target": "for a file of your own: enter on data"} if draft.is_builtin else {}
    notes |= _OWN_NOTES[draft.kind](draft, reading, known, settings)
    if known is None:
        return notes
    notes["data"] = known_words(known) if draft.is_builtin or summary is None else table_words(summary)
    if summary is not None:
        notes |= _found_notes(draft, known, summary)
        notes |= _rare_class_note(reading, summary)
    groups = 0 if summary is None else summary.table.group_count
    total, unit = (groups, "groups") if groups else (known.rows, "rows")
    held = _held_out(reading.fields.get("test_size"), total)
    if held is not None:
        notes["test_size"] = f"{held:,} of {total:,} {unit}" if held else "all rows train; no test score"
    return notes


def _check_folds(problems: dict[str, str], reading: Reading, summary: DataSummary) -> None:
    """Add a problem if no class has as many rows as there are folds."""
    cv = reading.fields.get("cv")
    if not summary.classes or not isinstance(cv, int) or "cv" in problems:
        return
    most = max(level.rows for level in summary.classes)
    if cv > most:
        name = summary.table.choice.name
        problems["cv"] = f"cv is {cv}, but no class of {name} has more than {most} rows; use at most {most} folds"


def _rare_class_note(reading: Reading, summary: DataSummary) -> dict[str, str]:
    """Return a note on the folds if a class has fewer rows than there are folds."""
    cv = reading.fields.get("cv")
    if not summary.classes or not isinstance(cv, int):
        return {}
    least = min(summary.classes, key=lambda level: level.rows)
    return {"cv": f"class {least.label} has {least.rows} rows: some folds lack it"} if cv > least.rows else {}


def _evolution_notes(
    draft: Draft, reading: Reading, known: DatasetFacts | None, settings: EvolutionSettings | None
) -> dict[str, str]:
    del reading
    fitness = fitness_of(draft, known) if known is not None else ""
    return notes_of(settings, draft.texts, fitness)


def _search_notes(
    draft: Draft, reading: Reading, known: DatasetFacts | None, settings: SizeSettings | None
) -> dict[str, str]:
    notes: dict[str, str] = {}
    if "neurons" not in reading.problems:
        notes["neurons"] = _sizes(draft["neurons"], settings)
    for name, values in reading.fields["grid"]:  # type: ignore[attr-defined]
        notes[name] = f"{len(values)} values"
    repeats, seed = reading.fields.get("repeats"), reading.fields.get("seed")
    if isinstance(repeats, int) and isinstance(seed, int) and repeats > 1:
        count = repeats if settings is None or not settings.finds_sizes else settings.splits
        notes["repeats"] = f"seeds {seed} to {seed + count - 1}"
    if known is not None:
        notes["scoring"] = _scoring_note(settings, known)
    return notes


def _scoring_note(settings: SizeSettings | None, known: DatasetFacts) -> str:
    """Return how many scorings fit; of several, which one chooses."""
    fitting = len(offered_scorings(known.task, known.targets))
    if settings is not None and settings.further_scorings:
        return f"{settings.scoring} chooses; {fitting} fit"
    return f"one of {fitting} that fit"


_OWN_NOTES: Mapping[Kind, Callable[[Draft, Reading, DatasetFacts | None, Any], dict[str, str]]] = by_started_kind(
    size=_search_notes, evolution=_evolution_notes
)
"""Functions that return the notes of each kind's own fields; its settings are None while they cannot be made."""


def _found_notes(draft: Draft, known: DatasetFacts, summary: DataSummary) -> dict[str, str]:
    """Return notes on values that were inferred from a table, for the fields that are left open."""
    found = summary.table.choice
    notes = {}
    if not draft["target"].strip():
        notes["target"] = ", ".join(found.target)
    if draft["task"] == "inferred" or known.labels:
        notes["task"] = class_words(known)
    if not draft["separator"] and found.separator:
        notes["separator"] = f"found: {SEPARATOR_WORDS.get(found.separator, found.separator)}"
    if not draft["encoding"] and found.encoding:
        notes["encoding"] = f"found: {found.encoding}"
    if draft["header"] == FOUND_OUT and found.header:
        notes["header"] = f"found: {found.header}"
    if not draft["skip"] and found.skip:
        notes["skip"] = f"found: {found.skip}"
    if not draft["comment"] and found.comment:
        notes["comment"] = f"found: {found.comment}"
    return notes


def known_words(known: DatasetFacts) -> str:
    """Return built-in data in half a line."""
    return f"{known.rows:,} rows, {known.inputs} inputs, {class_words(known)}"


def table_words(summary: DataSummary) -> str:
    """Return a table in half a line: its rows, its columns, and its inputs after encoding."""
    table = summary.table
    return f"{table.rows:,} rows, {columns_text(summary)}, {inputs_text(table.inputs)}"


def _warning(summary: DataSummary | None) -> str:
    count = len(summary.warnings) if summary is not None else 0
    return f"{count} warning{'' if count == 1 else 's'}: ctrl+d shows the data" if count else ""


def _sizes(text: str, settings: SizeSettings | None) -> str:
    if finds_sizes(text):
        return "found" if settings is None else f"found, {MIN_AUTO_NEURONS} to {settings.candidates[-1][0]}"
    layers = networks(text.strip())
    if len(layers) == 1:
        return "one network"
    if all(len(one) == 1 for one in layers):
        sizes = [one[0] for one in layers]
        return f"{len(layers):,} sizes, {min(sizes)} to {max(sizes)} neurons"
    return f"{len(layers):,} networks of up to {max(len(one) for one in layers)} layers"


def _held_out(test_size: object, rows: int) -> int | None:
    """Return the number of test rows, as ``train_test_split`` counts them."""
    if isinstance(test_size, int):
        return min(test_size, rows)
    return math.ceil(test_size * rows) if isinstance(test_size, float) else None


assert {field.key for field in (*FIELDS, *EVOLUTION_FIELDS)} >= TABLE_KEYS
