"""The state of the setup screen: the draft, the results about it, and the plan of both."""

from nnsize_engine.preflight.column_names import guess_columns
from nnsize_engine.results.estimates import AnyEstimate
from nnsize_engine.results.table_summary import DataSummary
from nnsize_engine.settings.scoring_words import offered_scorings
from nnsize_engine.settings.strategy_words import offered_strategies
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.evolution import fitnesses
from nnsize_tui.screens.setup.fields import Field
from nnsize_tui.screens.setup.messages import Measured, PreflightFailure, TableInspected
from nnsize_tui.screens.setup.plan import Plan, final_scoring_of, fitness_of, make_plan, problem_of
from nnsize_tui.screens.setup.preflight_results import PreflightResults, measure_key
from nnsize_tui.screens.setup.read_draft import Reading, read_draft


class SetupState:
    """Take drafts and results, and keep the plan up to date. It uses no screen."""

    def __init__(self, draft: Draft) -> None:
        self.inspections: PreflightResults[DataSummary] = PreflightResults()
        """Summaries of tables."""

        self.builtin_inspections: PreflightResults[DataSummary] = PreflightResults()
        """Summaries of built-in data, by its name."""

        self.measurements: PreflightResults[AnyEstimate] = PreflightResults()
        self._columns: tuple[str, ...] = ()
        self._columns_of = ""
        self.take(draft)

    def take(self, draft: Draft) -> None:
        """Take another draft."""
        self.draft = draft
        source = draft["data"]
        self.reading: Reading = read_draft(draft, self.columns)
        refusal = self._inspected if isinstance(self._inspected, PreflightFailure) else None
        self.plan: Plan = make_plan(draft, self.reading, self.summary, refusal)
        measured = self.measured
        if isinstance(measured, PreflightFailure) and measured.is_refusal:
            self.plan = self.plan.refused({**self.plan.problems, **problem_of(measured, draft)})
        if self.summary is not None:
            self._columns, self._columns_of = tuple(one.name for one in self.summary.columns), source
        elif refusal is not None and refusal.summary is not None:
            self._columns, self._columns_of = tuple(one.name for one in refusal.summary.columns), source
        elif refusal is not None and self.reading.inspection is not None and self._columns_of != source:
            self._columns, self._columns_of = guess_columns(self.reading.inspection.choice), source

    def take_inspection(self, message: TableInspected) -> None:
        """Take the summary of a table or of built-in data."""
        results = self.builtin_inspections if isinstance(message.request, str) else self.inspections
        results.keep(message.request, message.result)
        self.take(self.draft)

    def take_measurement(self, message: Measured) -> None:
        """Take the measurement of a fit."""
        self.measurements.keep(message.key, message.result)
        self.take(self.draft)

    def cancel(self) -> None:
        """Cancel every question."""
        for results in (self.inspections, self.builtin_inspections, self.measurements):
            results.cancel()

    @property
    def _inspected(self) -> DataSummary | PreflightFailure | None:
        return self.inspections.get(self.reading.inspection)

    @property
    def summary(self) -> DataSummary | None:
        """The summary of the draft's table; None before it was inspected."""
        return self._inspected if isinstance(self._inspected, DataSummary) else None

    @property
    def builtin(self) -> str:
        """The name of the draft's built-in data; empty for a table of the user's own."""
        return self.plan.known.name if self.reading.inspection is None and self.plan.known is not None else ""

    @property
    def data(self) -> DataSummary | PreflightFailure | None:
        """The answer about the draft's data, a table or built in; None before there is one."""
        return self.builtin_inspections.get(self.builtin) if self.builtin else self._inspected

    @property
    def shown_data(self) -> DataSummary | None:
        """The data that can be shown, even if no run can use it; None before there is an answer."""
        data = self.data
        return data.summary if isinstance(data, PreflightFailure) else data

    @property
    def is_inspecting(self) -> bool:
        """Return whether the draft's table was not inspected yet."""
        return self.reading.inspection is not None and self._inspected is None

    @property
    def is_awaited(self) -> bool:
        """Return whether the draft's data is being inspected, including built-in data that the user wants to see."""
        return self.is_inspecting or (bool(self.builtin) and self.builtin_inspections.asked == self.builtin)

    @property
    def measured(self) -> AnyEstimate | PreflightFailure | None:
        """The measurement from which the time of this run follows."""
        return None if self.plan.settings is None else self.measurements.get(measure_key(self.plan.settings))

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
            return tuple(offered_scorings(known.task, known.targets)) if known is not None else ()
        if field.key == "strategy":
            return offered_strategies()
        return field.options

    def value(self, field: Field) -> str:
        """Return a field's value; for fitness and scoring, one that fits the data."""
        known = self.plan.known
        if field.key == "fitness" and known is not None:
            return fitness_of(self.draft, known)
        if field.key == "scoring" and known is not None:
            return final_scoring_of(self.draft, known)
        return self.draft[field.key]
