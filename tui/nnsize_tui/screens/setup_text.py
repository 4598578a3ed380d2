"""A draft and its plan as lines of the setup screen."""

from collections.abc import Iterator
from dataclasses import replace

from nnsize_tui import text
from nnsize_tui.glyphs import Glyphs
from nnsize_tui.screens.setup_draft import Draft
from nnsize_tui.screens.setup_fields import BASIC, FIELDS, GROUPS, TABLE_KEYS, Field
from nnsize_tui.screens.setup_plan import Plan
from nnsize_tui.screens.setup_state import SetupState
from nnsize_tui.setup_messages import NoAnswer
from nnsize_tui.widgets.setting_list import Setting, bad_sign
from nnsize_tui.widgets.setup_panes import Amount


def settings_of(state: SetupState, *, has_more: bool, hushed: str = "") -> Iterator[Setting]:
    """The lines: headings, fields, and one that shows or hides what is seldom changed.

    Nothing is said of what is wrong with the ``hushed`` field.
    """
    group, draft = "", state.draft
    for field in FIELDS if has_more else BASIC:
        if draft.is_builtin and field.group == "reading" and field.key in TABLE_KEYS:
            continue
        if field.group != group:
            if field.group == "network":
                yield _more(draft, has_more=True)
            group = field.group
            yield Setting(key=f"heading-{group}", label=GROUPS[field.group], kind="heading")
        one = _setting(field, state)
        yield replace(one, problem="") if field.key == hushed else one
    if not has_more:
        yield _more(draft, has_more=False)


def _more(draft: Draft, *, has_more: bool) -> Setting:
    if has_more:
        return Setting(key="more", label="less", kind="button")
    changed = [field.label for field in FIELDS if field not in BASIC and draft.differs(field.key)]
    note = (
        f"changed: {', '.join(changed)}"
        if changed
        else "activation, alpha, max-iter and all others; how to read a file"
    )
    return Setting(key="more", label="more", note=note, kind="button")


def _setting(field: Field, state: SetupState) -> Setting:
    draft, plan = state.draft, state.plan
    note = plan.notes.get(field.key, "")
    if field.key == "data" and state.is_looking:
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
        is_idle=draft.is_builtin and field.key in TABLE_KEYS,
    )


def amount_of(state: SetupState, glyphs: Glyphs, *, is_starting: bool) -> Amount:
    """How many fits, and how long they take."""
    plan, measured = state.plan, state.measured
    can_start = plan.settings is not None
    fits = fits_words(plan)
    if is_starting:
        return Amount(fits=fits, time=f"starting{glyphs.ellipsis}", can_start=can_start)
    if plan.problems:
        general = plan.problems.get("")
        words = general or f"what is marked {bad_sign(glyphs)} has to be mended first"
        return Amount(fits=fits, time=words, time_ink="bad")
    if state.is_looking or plan.settings is None:
        return Amount(fits=fits, time=f"looking at the data{glyphs.ellipsis}", time_ink="dim")
    if measured is None:
        return Amount(fits=fits, time=f"measuring a fit{glyphs.ellipsis}", time_ink="dim", can_start=True)
    if isinstance(measured, NoAnswer):
        return Amount(fits=fits, time=f"no estimate: {measured.reason}", time_ink="warn", can_start=can_start)
    length = text.seconds_text(measured.seconds(plan.settings))
    workers = f"{measured.workers} at a time" if measured.workers > 1 else "one after the other"
    about = "about" if measured.has_ended else "at most"
    return Amount(fits=fits, time=f"{about} {length}, from a measured fit, {workers}", can_start=True)


def fits_words(plan: Plan) -> str:
    """``48 candidates x 5 folds = 240 fits``, as far as it is known."""
    if plan.candidates is None or plan.splits is None:
        return "candidates x folds: not known yet"
    repeats = plan.repeats
    plural = "" if plan.candidates == 1 else "s"
    words = f"{plan.candidates:,} candidate{plural} x {plan.splits // repeats} folds"
    if repeats > 1:
        words += f" x {repeats} repeats"
    return f"{words} = {plan.candidates * plan.splits:,} fits"
