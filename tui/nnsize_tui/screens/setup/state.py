"""The state of the setup screen: the draft, the answers about it, and the plan of both."""

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
    """Take drafts and answers, and keep the plan up to date. It uses no screen."""

    def __init__(self, draft: Draft) -> None:
        self.looks: Answers[DataSummary] = Answers()
        """Summaries of tables."""

        self.builtin_looks: Answers[DataSummary] = Answers()
        """Summaries of built-in data, by its name."""

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
        """Take the summary of a table or of built-in data."""
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
        """The summary of the draft's table; None before it was inspected."""
        return self._look if isinstance(self._look, DataSummary) else None

    @property
    def builtin(self) -> str:
        """The name of the draft's built-in data; empty for a table of the user's own."""
        return self.plan.known.name if self.reading.look is None and self.plan.known is not None else ""

    @property
    def data(self) -> DataSummary | NoAnswer | None:
        """The answer about the draft's data, a table or built in; None before there is one."""
        return self.builtin_looks.get(self.builtin) if self.builtin else self._look

    @property
    def is_looking(self) -> bool:
        """Return whether the draft's table was not inspected yet."""
        return self.reading.look is not None and self._look is None

    @property
    def is_awaited(self) -> bool:
        """Return whether the draft's data is being inspected, including built-in data that the user wants to see."""
        return self.is_looking or (bool(self.builtin) and self.builtin_looks.asked == self.builtin)

    @property
    def measured(self) -> AnyEstimate | NoAnswer | None:
        """The measurement from which the time of this run follows."""
        return None if self.plan.settings is None else self.measures.get(measure_key(self.plan.settings))

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns of the draft's table; guessed if it cannot be inspected, empty if unknown."""
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
        """Return a field's value; for fitness and scoring, one that fits the data."""
        known = self.plan.known
        if field.key == "fitness" and known is not None:
            return fitness_of(self.draft, known)
        if field.key == "scoring" and known is not None:
            return final_scoring_of(self.draft, known)
        return self.draft[field.key]
