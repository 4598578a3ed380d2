"""The answer of a size search in words: the recommended candidate, and what else one has to know."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from nnsize_engine.results.candidates import candidate_text, candidate_words, neurons_text
from nnsize_engine.results.choice import Choice
from nnsize_engine.results.decision import ROUNDING, SLACK_OF_ERROR
from nnsize_engine.results.references import ReferenceSummary
from nnsize_engine.results.search_records import Candidate, FinalTest
from nnsize_engine.results.smoothing import MIN_SIZES_TO_SMOOTH
from nnsize_engine.results.statistics import CandidateSummary, SharedStatistics
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.text import score_text

MIN_FLAT_OCTAVES = 2.0
"""Octaves over which the curve has to be flat before the answer says so."""

MIN_FLAT_SHARE = 0.5
"""Share of the searched range, in octaves, that is enough as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything that the answer is about."""

    settings: SizeSettings
    summaries: Sequence[CandidateSummary]
    shared: Sequence[SharedStatistics]
    choice: Choice
    finals: Mapping[int, FinalTest] = field(default_factory=dict)
    """Final tests by the number of their candidate, as far as they are done."""

    references: Sequence[ReferenceSummary] = ()


def answer_sentences(results: Results) -> list[str]:
    """Return one or two sentences: the recommended candidate with its scores, and all remarks that are true."""
    return [recommendation(results), *joined(remarks(results))]


def joined(found: Sequence[str]) -> list[str]:
    """Return remarks as one sentence, or nothing."""
    if not found:
        return []
    words = "; ".join(found)
    return [f"{words if words.startswith('r2 ') else words[0].upper() + words[1:]}."]  # r2 is a name


def recommendation(results: Results) -> str:
    """Name the recommended candidate, its score, the standard error, its distance to the best mean, the test scores."""
    settings, choice = results.settings, results.choice
    verb = "is" if choice.recommended.hidden_layer_sizes == (1,) else "are"
    facts = [f"{settings.scoring} {score_text(choice.recommended_mean)}"]
    if choice.recommended_error is not None:
        facts.append(f"standard error {score_text(choice.recommended_error)}")
    over_seeds = results.shared[choice.recommended.number].std_over_seeds
    if over_seeds is not None:
        facts.append(f"deviation over seeds {score_text(over_seeds)}")
    facts.append(_distance(choice))
    return f"{candidate_words(choice.recommended)} {verb} recommended: {', '.join([*facts, *_test_scores(results)])}."


def _distance(choice: Choice) -> str:
    if choice.recommended == choice.best:
        return "the best mean"
    below = choice.best_mean - choice.recommended_mean
    of_best = f"the best mean ({candidate_text(choice.best)})"
    if below == 0:
        return f"equal to {of_best}"
    is_visible = below >= 1e-4 or abs(choice.best_mean) < 1e-4  # scores are written with four decimals
    return f"{score_text(below) if is_visible else 'less than 0.0001'} below {of_best}"


def _test_scores(results: Results) -> list[str]:
    """Return the test score of the recommended candidate and, if it is another, that of the best."""
    scores = {number: final.test_score for number, final in results.finals.items() if final.test_score is not None}
    recommended, best = results.choice.recommended, results.choice.best
    of_best = f"{candidate_text(best)}: {score_text(scores.get(best.number))}"
    if recommended.number not in scores:  # as in runs of earlier versions
        return [f"test score of {of_best}"] if best.number in scores else []
    words = f"test score {score_text(scores[recommended.number])}"
    return [f"{words} ({of_best})" if best != recommended and best.number in scores else words]


def remarks(results: Results) -> list[str]:
    """Return the remarks that are true, the most important first."""
    return [words for remark in _REMARKS if (words := remark(results))]


def _failed_tests(results: Results) -> str:
    failed = [
        (one, error)
        for one in results.choice.finalists
        if one.number in results.finals and (error := results.finals[one.number].error) is not None
    ]
    if len(failed) == 1 == len(results.choice.finalists):
        return f"the final test failed: {failed[0][1]}"
    return "; ".join(f"the final test of {candidate_text(one)} failed: {error}" for one, error in failed)


def _failures(results: Results) -> str:
    failed = sum(summary.has_failed for summary in results.summaries)
    networks = "candidates" if results.settings.grid else "sizes"
    # A search that finds its sizes trains only some of those that it may try.
    counted = (summary.folds_done > 0 or not results.settings.finds_sizes for summary in results.summaries)
    return f"{failed} of {sum(counted)} {networks} could not be scored on every fold" if failed else ""


def _too_few_epochs(results: Results) -> str:
    """Say that more than half of the fits ended at max_iter."""
    settings = results.settings
    ends = [fit.has_converged for summary in results.summaries for fit in summary.fits if fit is not None]
    late = ends.count(False)
    if 2 * late <= len(ends):
        return ""
    limit = "max_iter" if "max_iter" in dict(settings.grid) else f"max_iter {settings.network.max_iter}"
    return f"{'all' if late == len(ends) else 'most'} fits stopped at {limit}: raise it"


def _worse_than_the_mean(results: Results) -> str:
    if results.settings.scoring != "r2" or results.choice.recommended_mean >= 0:
        return ""
    return "r2 below 0 is worse than predicting the mean"


def _no_better_than_a_dummy(results: Results) -> str:
    """Say that the network is no better than a dummy: nothing matters more."""
    is_as_good = any(one.name == "dummy" for one in _as_good(results))
    return "the network is no better than a dummy, which ignores the inputs" if is_as_good else ""


def _references(results: Results) -> str:
    """Say that a simple model is as good as the recommended candidate, or better."""
    as_good = _as_good(results)
    if not as_good or as_good[0].name == "dummy":
        return ""
    limit = results.choice.recommended_mean + _difference_that_matters(results.choice)
    better = [one for one in as_good if one.mean is not None and one.mean > limit]
    if better:
        best = max(better, key=lambda one: one.mean or 0.0)
        return f"{_named(best)} better ({score_text(best.mean)})"
    return f"{_named(as_good[0])} as good ({score_text(as_good[0].mean)})"


def _as_good(results: Results) -> list[ReferenceSummary]:
    """Return the references that are at least as good as the recommended candidate, the simplest first.

    The difference that matters is the one that a smaller size may lose: a model that is simpler still may lose as much.
    """
    settings, choice = results.settings, results.choice
    if len(choice.folds) < settings.splits or choice.smoothed_error is None:
        return []
    least = choice.recommended_mean - _difference_that_matters(choice)
    done = [one for one in results.references if one.folds_done == settings.folds]
    return [one for one in done if one.mean is not None and one.mean >= least]


def _named(reference: ReferenceSummary) -> str:
    match reference.name:
        case "dummy" | "linear":
            return f"a {reference.words} is"
        case "trees":
            return "boosted trees are"
        case _:
            assert_never(reference.name)


def _rising(results: Results) -> str:
    """Say that the smoothed curve still rises at the largest size; its own mean may be lower than another's."""
    largest = rising_at(results)
    if largest is None:
        return ""
    curve = "the curve" if results.choice.best == largest else "the smoothed curve"
    return f"{curve} is still rising at {neurons_text(largest)}: try larger ones"


def rising_at(results: Results) -> Candidate | None:
    """Return the candidate of the largest size if the smoothed curve still rises there, otherwise None.

    The largest size has the best smoothed score, and the curve rises over the last octave by more than a difference
    that matters. Two neighbours on a fine grid differ too little to tell.
    """
    choice = results.choice
    curve, matters = _curve(results), _difference_that_matters(choice)
    if not curve or curve[-1] != choice.best_smoothed:
        return None
    largest = curve[-1]
    an_octave_below = [one for one in curve if 2 * _neurons(one) <= _neurons(largest)]
    before = an_octave_below[-1] if an_octave_below else curve[0]
    if choice.smoothed[largest.number] - choice.smoothed[before.number] <= matters:
        return None
    return largest


def _flat(results: Results) -> str:
    """Say between which sizes the smoothed scores differ by less than what matters.

    The range is the widest one around the recommended size. It has to span two octaves, or half of the searched range.
    """
    choice = results.choice
    curve, matters = _curve(results), _difference_that_matters(choice)
    if not curve:
        return ""
    least = choice.smoothed[choice.best_smoothed.number] - matters
    is_near = [choice.smoothed[one.number] >= least for one in curve]
    low = high = curve.index(choice.recommended)
    while low > 0 and is_near[low - 1]:
        low -= 1
    while high + 1 < len(curve) and is_near[high + 1]:
        high += 1
    octaves = math.log2(_neurons(curve[high]) / _neurons(curve[low]))
    searched = math.log2(_neurons(curve[-1]) / _neurons(curve[0]))
    if high - low + 1 < MIN_SIZES_TO_SMOOTH or octaves < min(MIN_FLAT_OCTAVES, MIN_FLAT_SHARE * searched):
        return ""
    ends = f"{neurons_text(curve[low])} and {neurons_text(curve[high])}"
    return f"the number of neurons hardly matters between {ends}"


def _one_fold(results: Results) -> str:
    return "one fold alone shows no uncertainty yet" if results.choice.smoothed_error is None else ""


_REMARKS: tuple[Callable[[Results], str], ...] = (
    _no_better_than_a_dummy,
    _failures,
    _failed_tests,
    _too_few_epochs,
    _worse_than_the_mean,
    _references,
    _rising,
    _flat,
    _one_fold,
)
"""Each returns a remark, or nothing where it is not true; the most important first."""


def _curve(results: Results) -> list[Candidate]:
    """Return the candidates of the recommended one's curve, by size.

    The list is empty where nothing is said of the curve: before all folds are done, with several layers, and with too
    few sizes to smooth.
    """
    choice, recommended = results.choice, results.choice.recommended
    if (
        len(choice.folds) < results.settings.splits
        or choice.smoothed_error is None
        or len(recommended.hidden_layer_sizes) > 1
    ):
        return []
    candidates = [results.summaries[number].candidate for number in choice.smoothed]
    curve = [one for one in candidates if len(one.hidden_layer_sizes) == 1 and one.parameters == recommended.parameters]
    return sorted(curve, key=_neurons) if len(curve) >= MIN_SIZES_TO_SMOOTH else []


def _difference_that_matters(choice: Choice) -> float:
    """Return the share of the standard error of the best smoothed score that a size may lose, as in the decision.

    The decision's other limit, a share of the curve's range, says nothing here: a flat curve has a small range.
    """
    rounding = ROUNDING * abs(choice.smoothed[choice.best_smoothed.number])
    return SLACK_OF_ERROR * (choice.smoothed_error or 0.0) + rounding


def _neurons(candidate: Candidate) -> int:
    return candidate.hidden_layer_sizes[0]
