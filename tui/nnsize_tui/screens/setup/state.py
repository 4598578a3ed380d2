"""A search that is being set up: what is typed, what was answered about it, and what both amount to."""

from nnsize_engine.preflight.header import guess_columns
from nnsize_engine.results.estimates import AnyEstimate
from nnsize_engine.results.table_summary import DataSummary
from nnsize_engine.settings.scorings import scorings_for
from nnsize_tui.screens.setup.answers import Answers, measure_key
from nnsize_tui.screens.setup.draft import Draft, Reading, read_draft
from nnsize_tui.screens.setup.evolution import fitnesses
from nnsize_tui.screens.setup.fields import Field
from nnsize_tui.screens.setup.messages import Measured, NoAnswer, TableSeen
from nnsize_tui.screens.setup.plan import Plan, final_scoring_of, fitness_of, make_plan, problem_of


class SetupState:
    """Knows nothing of a screen; takes what is typed and what is answered, one after the other."""

    def __init__(self, draft: Draft) -> None:
        self.looks: Answers[DataSummary] = Answers()
        """Of tables as they are typed."""

        self.builtin_looks: Answers[DataSummary] = Answers()
        """Of built-in data, by its name."""

        self.measures: Answers[AnyEstimate] = Answers()
        self._columns: tuple[str, ...] = ()
        self._columns_of = ""
        self.take(draft)

    def take(self, draft: Draft) -> None:
        """Another draft."""
        self.draft = draft
        source = draft["data"]
        self.reading: Reading = read_draft(draft, self.columns)
        refusal = self._look if isinstance(self._look, NoAnswer) else None
        self.plan: Plan = make_plan(draft, self.reading, self.summary, refusal)
        measured = self.measured
        if isinstance(measured, NoAnswer) and measured.is_refusal:
            self.plan = self.plan.refused({**self.plan.problems, **problem_of(measured, draft)})
        if self.summary is not None:
            self._columns, self._columns_of = tuple(one.name for one in self.summary.columns), source
        elif refusal is not None and self.reading.look is not None and self._columns_of != source:
            self._columns, self._columns_of = guess_columns(self.reading.look.choice), source

    def looked(self, message: TableSeen) -> None:
        """A table, or built-in data by its name, was looked at."""
        answers = self.builtin_looks if isinstance(message.look, str) else self.looks
        answers.answered(message.look, message.answer)
        self.take(self.draft)

    def was_measured(self, message: Measured) -> None:
        """A fit was measured."""
        self.measures.answered(message.key, message.answer)
        self.take(self.draft)

    def cancel(self) -> None:
        """Nobody waits for any answer any more."""
        for answers in (self.looks, self.builtin_looks, self.measures):
            answers.cancel()

    @property
    def _look(self) -> DataSummary | NoAnswer | None:
        return self.looks.get(self.reading.look)

    @property
    def summary(self) -> DataSummary | None:
        """The table's, when it was looked at as it is typed now."""
        return self._look if isinstance(self._look, DataSummary) else None

    @property
    def builtin(self) -> str:
        """The built-in data that is typed; empty for a table of the user's own."""
        return self.plan.known.name if self.reading.look is None and self.plan.known is not None else ""

    @property
    def data(self) -> DataSummary | NoAnswer | None:
        """What is known of the data that is typed, a table or built in."""
        return self.builtin_looks.get(self.builtin) if self.builtin else self._look

    @property
    def is_looking(self) -> bool:
        """Whether a table is typed that was not looked at yet."""
        return self.reading.look is not None and self._look is None

    @property
    def is_awaited(self) -> bool:
        """Whether the data that is typed is being looked at, also built-in data that someone wants to see."""
        return self.is_looking or (bool(self.builtin) and self.builtin_looks.asked == self.builtin)

    @property
    def measured(self) -> AnyEstimate | NoAnswer | None:
        """The measured fit that the time of this search follows from."""
        return None if self.plan.settings is None else self.measures.get(measure_key(self.plan.settings))

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the typed table's columns, as far as they are known; guessed while it cannot be looked at."""
        return self._columns if self._columns_of == self.draft["data"] else ()

    def options(self, field: Field) -> tuple[str, ...]:
        """What can be chosen for a field of one of a few."""
        known = self.plan.known
        if field.key == "fitness":
            return fitnesses(known) if known is not None else ()
        if field.key == "scoring":
            return tuple(scorings_for(known.task, known.targets)) if known is not None else ()
        return field.options

    def value(self, field: Field) -> str:
        """What a field stands at: as typed, or what is usual for the data's task."""
        known = self.plan.known
        if field.key == "fitness" and known is not None:
            return fitness_of(self.draft, known)
        if field.key == "scoring" and known is not None:
            return final_scoring_of(self.draft, known)
        return self.draft[field.key]
