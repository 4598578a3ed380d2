"""The state of a run that is being set up: the draft, the answers about it, and the plan of both."""

from nnsize_engine.preflight.column_names import guess_columns
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
    """Takes drafts and answers, one after the other; knows nothing of a screen."""

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
        """Take another draft."""
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
        """Take the answer about a table, or about built-in data by its name."""
        answers = self.builtin_looks if isinstance(message.look, str) else self.looks
        answers.answered(message.look, message.answer)
        self.take(self.draft)

    def was_measured(self, message: Measured) -> None:
        """Take the measurement of a fit."""
        self.measures.answered(message.key, message.answer)
        self.take(self.draft)

    def cancel(self) -> None:
        """Cancel every question."""
        for answers in (self.looks, self.builtin_looks, self.measures):
            answers.cancel()

    @property
    def _look(self) -> DataSummary | NoAnswer | None:
        return self.looks.get(self.reading.look)

    @property
    def summary(self) -> DataSummary | None:
        """The summary of the table as it is typed now; None before it was inspected."""
        return self._look if isinstance(self._look, DataSummary) else None

    @property
    def builtin(self) -> str:
        """The built-in data that is typed; empty for a table of the user's own."""
        return self.plan.known.name if self.reading.look is None and self.plan.known is not None else ""

    @property
    def data(self) -> DataSummary | NoAnswer | None:
        """The answer about the data that is typed, a table or built in; None before there is one."""
        return self.builtin_looks.get(self.builtin) if self.builtin else self._look

    @property
    def is_looking(self) -> bool:
        """Whether a table is typed that was not inspected yet."""
        return self.reading.look is not None and self._look is None

    @property
    def is_awaited(self) -> bool:
        """Whether the data that is typed is being inspected, also built-in data that the user wants to see."""
        return self.is_looking or (bool(self.builtin) and self.builtin_looks.asked == self.builtin)

    @property
    def measured(self) -> AnyEstimate | NoAnswer | None:
        """The measured fit from which the time of this run follows."""
        return None if self.plan.settings is None else self.measures.get(measure_key(self.plan.settings))

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the typed table's columns, as far as they are known; guessed while it cannot be looked at."""
        return self._columns if self._columns_of == self.draft["data"] else ()

    def options(self, field: Field) -> tuple[str, ...]:
        """Return the values of a field that is one of a few."""
        known = self.plan.known
        if field.key == "fitness":
            return fitnesses(known) if known is not None else ()
        if field.key == "scoring":
            return tuple(scorings_for(known.task, known.targets)) if known is not None else ()
        return field.options

    def value(self, field: Field) -> str:
        """Return a field's value: as typed, or the usual one for the data's task."""
        known = self.plan.known
        if field.key == "fitness" and known is not None:
            return fitness_of(self.draft, known)
        if field.key == "scoring" and known is not None:
            return final_scoring_of(self.draft, known)
        return self.draft[field.key]
