"""The words of the setup screen: a draft and its plan as lines."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from nnsize_engine.results.candidates import folds_words
from nnsize_engine.results.estimates import AnyEstimate
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.run import STEP_NAMES, Kind, StartedSettings, by_started_kind
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.text import seconds_text
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.evolution_notes import evaluations_words
from nnsize_tui.screens.setup.fields import GROUPS, Field
from nnsize_tui.screens.setup.messages import PreflightFailure
from nnsize_tui.screens.setup.panes import Amount, Overview
from nnsize_tui.screens.setup.plan import Plan
from nnsize_tui.screens.setup.setting_list import Setting, bad_sign
from nnsize_tui.screens.setup.state import SetupState
from nnsize_tui.terminal.glyphs import Glyphs


def settings_of(state: SetupState, *, has_more: bool, hidden_problem: str = "") -> Iterator[Setting]:
    """Yield the lines: headings, fields, and a button that shows or hides seldom changed fields.

    The problem of the ``hidden_problem`` field is left out.
    """
    group, draft = "", state.draft
    idle, form = draft.idle, draft.form
    for field in form.fields if has_more else form.basic:
        if field.group == "reading" and field.key in idle:
            continue
        if field.group != group:
            if field == form.fields[len(form.basic)]:
                yield _more(draft, has_more=True)
            group = field.group
            yield Setting(key=f"heading-{group}", label=GROUPS[field.group], kind="heading")
        one = _setting(field, state, is_idle=field.key in idle)
        yield replace(one, problem="") if field.key == hidden_problem else one
    if not has_more:
        yield _more(draft, has_more=False)


def _more(draft: Draft, *, has_more: bool) -> Setting:
    if has_more:
        return Setting(key="more", label="less", kind="button")
    rest = draft.form.fields[len(draft.form.basic) :]
    changed = [field.label for field in rest if draft.differs(field.key) and field.key not in draft.idle]
    note = f"changed: {', '.join(changed)}" if changed else draft.form.rest
    return Setting(key="more", label="more", note=note, kind="button")


def _setting(field: Field, state: SetupState, *, is_idle: bool) -> Setting:
    draft, plan = state.draft, state.plan
    note = plan.notes.get(field.key, "")
    if field.key == "data" and state.is_awaited:
        note = "looking at it…"
    return Setting(
        key=field.key,
        label=field.label,
        value=state.value(field),
        empty=field.empty,
        note=note,
        problem=plan.problems.get(field.key, ""),
        warning=plan.warning if field.key == "data" else "",
        kind="chosen" if field.kind == "one" else "typed",
        is_usual=not draft.differs(field.key),
        is_idle=is_idle,
        has_others=len(state.options(field)) > 1,
    )


def overview_of(state: SetupState, glyphs: Glyphs) -> Overview:
    """Return the known facts about the data, or a word while they are not known."""
    word = "not known yet" if state.plan.known is None else ""
    return Overview(
        known=state.plan.known,
        summary=state.shown_data,
        word=f"looking at it{glyphs.ellipsis}" if state.is_awaited else word,
        kind=state.draft.kind,
    )


def amount_of(state: SetupState, glyphs: Glyphs, *, is_starting: bool) -> Amount:
    """Return the number of fits or evaluations, and their time."""
    plan, measured = state.plan, state.measured
    can_start = plan.settings is not None
    kind = state.draft.kind
    fits = _AMOUNTS[kind](plan, plan.settings)
    if is_starting:
        return Amount(fits=fits, time=f"starting{glyphs.ellipsis}", can_start=can_start)
    if plan.problems:
        general = plan.problems.get("")
        words = general or f"what is marked {bad_sign(glyphs)} has to be mended first"
        return Amount(fits=fits, time=words, time_ink="bad")
    if state.is_inspecting or plan.settings is None:
        return Amount(fits=fits, time=f"looking at the data{glyphs.ellipsis}", time_ink="dim")
    if measured is None:
        return Amount(
            fits=fits,
            time=f"measuring a {STEP_NAMES[kind]}{glyphs.ellipsis}",
            time_ink="dim",
            can_start=True,
        )
    if isinstance(measured, PreflightFailure):
        return Amount(fits=fits, time=f"no estimate: {measured.reason}", time_ink="warn", can_start=can_start)
    return Amount(fits=fits, time=_time_words(plan.settings, measured), can_start=True)


def _time_words(settings: StartedSettings, measured: AnyEstimate) -> str:
    about = "at most" if measured.is_upper_bound(settings) else "about"
    length = seconds_text(measured.seconds(settings))
    if settings.cluster is not None:
        return f"{about} {length} on this machine alone"
    return f"{about} {length}, {_MEASURED[settings.kind](measured)}"


def _measured_fits(measured: AnyEstimate) -> str:
    workers = f"{measured.workers} at a time" if measured.workers > 1 else "one after the other"
    return f"from a measured fit, {workers}"


_MEASURED: Mapping[Kind, Callable[[AnyEstimate], str]] = by_started_kind(
    size=_measured_fits, evolution=lambda _: "as measured here"
)
"""Functions that return words on the measurement behind a time, for each kind of run."""


def _evolution_words(_: Plan, settings: EvolutionSettings | None) -> str:
    return "members x generations: not known yet" if settings is None else evaluations_words(settings)


def fits_words(plan: Plan, settings: SizeSettings | None) -> str:
    """Return words such as ``48 candidates x 5 folds = 240 fits``; unknown numbers are said to be unknown."""
    if settings is not None and settings.finds_sizes:
        return _found_words(settings)
    if plan.candidates is None or plan.splits is None:
        return "candidates x folds: not known yet"
    repeats, rounds = plan.repeats, plan.fold_rounds
    plural = "" if plan.candidates == 1 else "s"
    words = f"{plan.candidates:,} candidate{plural} x {plan.splits // repeats // rounds} folds"
    if rounds > 1:
        words += f" x {rounds} rounds"
    if repeats > 1:
        words += f" x {repeats} repeats"
    bound = "at most " if settings is not None and settings.is_race else ""
    return f"{words} = {bound}{plan.candidates * plan.splits:,} fits"


def _found_words(settings: SizeSettings) -> str:
    combinations = settings.candidate_count // len(settings.candidates)
    of_each = f" x {combinations:,} combinations" if combinations > 1 else ""
    repeats = f" x {settings.repeats} repeats" if settings.repeats > 1 else ""
    return f"sizes found{of_each} x {folds_words(settings)}{repeats}: at most {settings.total_steps:,} fits"


_AMOUNTS: Mapping[Kind, Callable[[Plan, Any], str]] = by_started_kind(size=fits_words, evolution=_evolution_words)
"""Functions that return words on the size of a run of each kind, from its plan and its settings if there are any."""
