"""The results of questions about a draft."""

from nnsize_engine.preflight.client import Question
from nnsize_engine.results.table_summary import DataSummary
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_tui.screens.setup.preflight_results import MAX_RESULTS, PreflightResults
from nnsize_tui.screens.setup.read_draft import InspectionRequest
from support.made_summaries import made_summary


def test_a_newer_question_takes_the_older_one_back_and_answers_are_kept() -> None:
    results: PreflightResults[DataSummary] = PreflightResults()
    inspections = [
        InspectionRequest(choice=TableChoice(source=f"/{number}.csv"), test_size=0.3, split_seed=0, stratify=False)
        for number in range(MAX_RESULTS + 2)
    ]
    first = results.ask(inspections[0])
    assert first is not None
    assert results.ask(inspections[0]) is None
    second = results.ask(inspections[1])
    assert isinstance(second, Question)
    assert first.is_cancelled
    assert not second.is_cancelled
    for inspection in inspections:
        results.keep(inspection, made_summary(inspection.choice))
    assert sum(results.get(inspection) is not None for inspection in inspections) == MAX_RESULTS
    assert results.ask(inspections[-1]) is None
    assert [first.is_cancelled, second.is_cancelled] == [True, True]
    results.forget(inspections[-1])
    assert results.ask(inspections[-1]) is not None
