"""The lines that a size search writes into the log of its run."""

from collections.abc import Mapping, Sequence

from nnsize_engine.results.candidates import candidate_words, folds_words, neurons_text, split_words
from nnsize_engine.results.grid_race import Race
from nnsize_engine.results.records import DataFacts
from nnsize_engine.results.search_records import Candidate, FitResult
from nnsize_engine.runner.job import facts_text
from nnsize_engine.runner.journal import Journal
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.text import escape_text

MAX_LOGGED_FAILURES = 100  # failed fits with a line each in the log, so that it stays readable


class SearchLog:
    """The log of one size search."""

    def __init__(self, journal: Journal, settings: SizeSettings, candidates: Sequence[Candidate]) -> None:
        self._journal = journal
        self._settings = settings
        self._candidates = candidates
        self._failures = 0
        self._failed_scorings: set[str] = set()

    def started(self, facts: DataFacts, done: int, workers: int) -> None:
        """Note the data, the plan and where or how many at a time; ``done`` are the fits of an earlier runner."""
        before = f", {done} done already" if done else ""
        of_data = facts_text(facts, self._settings.scaling_of_target)
        of_data = ", ".join([of_data, *_input_words(self._settings)])
        cluster = self._settings.cluster
        where = f"{workers} at a time" if cluster is None else f"they are computed on {cluster.where}"
        self._journal.log("info", f"{of_data}; {self._plan_text()}{before}; {where}")

    def _plan_text(self) -> str:
        """Return the fits that are planned, in words; of a race the most there can be."""
        settings, count = self._settings, len(self._candidates)
        if settings.finds_sizes:
            folds = folds_words(settings) + (f" x {settings.repeats} repeats" if settings.repeats > 1 else "")
            combinations = settings.candidate_count // len(settings.candidates)
            of_each = f" for each of {combinations} combinations" if combinations > 1 else ""
            return f"sizes are found among 2 to {settings.candidates[-1][0]} neurons{of_each}, on {folds}"
        repeats = f" x {settings.repeats} repeats" if settings.repeats > 1 else ""
        plural, bound = "" if count == 1 else "s", "at most " if settings.race else ""
        return f"{count} candidate{plural} x {folds_words(settings)}{repeats} = {bound}{settings.total_steps} fits"

    def round_ended(self, before: Race, now: Race) -> None:
        """Note which sizes a round of a race dropped, and which are tried from now on."""
        if out := [number for number in now.dropped if number not in before.dropped]:
            folds = now.dropped[out[0]].folds
            self._journal.log("info", f"out after {folds} folds: {self._raced_words(sorted(out))}")
        if new := [number for number in now.tried if number not in before.tried]:
            self._journal.log("info", f"also tried from now on: {self._raced_words(new)}")

    def _raced_words(self, numbers: Sequence[int]) -> str:
        """Return candidates of a race in words: their sizes, or how many of each combination of other parameters."""
        chosen = [self._candidates[number] for number in numbers]
        if not self._settings.grid:
            return f"{', '.join(neurons_text(one) for one in chosen)} neurons"
        combinations = len({one.parameters for one in chosen})
        return f"{len(chosen)} candidates of {combinations} combination{'' if combinations == 1 else 's'}"

    def fit_failed(self, fit: FitResult) -> None:
        """Note why a fit failed; of many, as when a searched step is too large, the first ones."""
        self._failures += 1
        if self._failures <= MAX_LOGGED_FAILURES:
            words = f"{candidate_words(self._candidates[fit.candidate])}, {split_words(self._settings, fit.fold)}"
            self._journal.log("warning", f"{words} failed: {fit.error}")
        elif self._failures == MAX_LOGGED_FAILURES + 1:
            self._journal.log("warning", "more fits fail; the table of fits has the reason of each")

    def scorings_failed(self, fit: FitResult) -> None:
        """Note the first failure of each further scoring."""
        for score in fit.further:
            if score.error is not None and score.name not in self._failed_scorings:
                self._failed_scorings.add(score.name)
                words = f"{candidate_words(self._candidates[fit.candidate])}, {split_words(self._settings, fit.fold)}"
                self._journal.log("warning", f"no {score.name} of {words}: {score.error}")

    def split_finished(self, split: int, fits: Mapping[tuple[int, int], FitResult]) -> None:
        """Note that a split is finished for every candidate."""
        of_split = [fits[candidate.number, split] for candidate in self._candidates]
        settings = self._settings
        words = f"fold {split % settings.cv + 1} of {settings.cv}"
        if settings.fold_rounds > 1:
            words += f", round {settings.fold_of(split) // settings.cv + 1} of {settings.fold_rounds}"
        if settings.repeats > 1:
            words += f", repeat {settings.repeat_of(split) + 1} of {settings.repeats}"
        late = sum(fit.has_converged is False for fit in of_split)
        note = f"; {late} of {len(of_split)} networks were still improving at max_iter" if late else ""
        self._journal.log("info", f"{words} finished{note}")


def _input_words(settings: SizeSettings) -> list[str]:
    """Return the scaling of inputs and the weights of rows in words, as far as they are not the usual ones."""
    words = []
    if settings.scaler != "standard":
        words.append("inputs unscaled" if settings.scaler == "none" else f"inputs scaled: {settings.scaler}")
    if settings.table is not None and settings.table.choice.sample_weight is not None:
        words.append(f"rows weighed by '{escape_text(settings.table.choice.sample_weight)}'")
    if settings.class_weight != "none":
        words.append("classes balanced")
    return words
