"""The answer of a size search in words: the recommended candidate, and one remark where one is due."""

import math
from collections.abc import Sequence

from nnsize_engine.results.candidates import candidate_text, candidate_words, neurons_text
from nnsize_engine.results.choice import Choice
from nnsize_engine.results.decision import ROUNDING, SLACK_OF_ERROR
from nnsize_engine.results.records import Candidate
from nnsize_engine.results.smoothing import MIN_SIZES_TO_SMOOTH
from nnsize_engine.results.statistics import CandidateSummary, SharedStatistics
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.text import score_text

MIN_FLAT_OCTAVES = 2.0
"""Octaves over which the curve has to be flat before the answer says so."""

MIN_FLAT_SHARE = 0.5
"""Share of the searched range, in octaves, that is enough as well."""


def answer_sentences(
    settings: SizeSettings,
    summaries: Sequence[CandidateSummary],
    shared: Sequence[SharedStatistics],
    choice: Choice,
) -> list[str]:
    """Return one or two sentences: the recommended candidate with its score, and the most important remark."""
    remark = (
        _failures(settings, summaries)
        or _too_few_epochs(settings, summaries)
        or _worse_than_the_mean(settings, choice)
        or _rising(settings, summaries, choice)
        or _flat(settings, summaries, choice)
        or _one_fold(choice)
    )
    return [recommendation(settings, shared, choice), *([remark] if remark else [])]


def recommendation(settings: SizeSettings, shared: Sequence[SharedStatistics], choice: Choice) -> str:
    """Name the recommended candidate, its score with the standard error, and its distance to the best mean."""
    verb = "is" if choice.recommended.hidden_layer_sizes == (1,) else "are"
    facts = [f"{settings.scoring} {score_text(choice.recommended_mean)}"]
    if choice.recommended_error is not None:
        facts.append(f"standard error {score_text(choice.recommended_error)}")
    over_seeds = shared[choice.recommended.number].std_over_seeds
    if over_seeds is not None:
        facts.append(f"deviation over seeds {score_text(over_seeds)}")
    facts.append(_distance(choice))
    return f"{candidate_words(choice.recommended)} {verb} recommended: {', '.join(facts)}."


def _distance(choice: Choice) -> str:
    if choice.recommended == choice.best:
        return "the best mean"
    below = choice.best_mean - choice.recommended_mean
    of_best = f"the best mean ({candidate_text(choice.best)})"
    if below == 0:
        return f"equal to {of_best}"
    is_visible = below >= 1e-4 or abs(choice.best_mean) < 1e-4  # scores are written with four decimals
    return f"{score_text(below) if is_visible else 'less than 0.0001'} below {of_best}"


def _failures(settings: SizeSettings, summaries: Sequence[CandidateSummary]) -> str:
    failed = sum(summary.has_failed for summary in summaries)
    networks = "candidates" if settings.grid else "sizes"
    # A search that finds its sizes trains only some of those that it may try.
    tried = sum(summary.folds_done > 0 for summary in summaries) if settings.finds_sizes else len(summaries)
    return f"{failed} of {tried} {networks} could not be scored on every fold." if failed else ""


def _too_few_epochs(settings: SizeSettings, summaries: Sequence[CandidateSummary]) -> str:
    """Say that more than half of the fits ended at max_iter."""
    ends = [fit.has_converged for summary in summaries for fit in summary.fits if fit is not None]
    late = ends.count(False)
    if 2 * late <= len(ends):
        return ""
    limit = "max_iter" if "max_iter" in dict(settings.grid) else f"max_iter {settings.network.max_iter}"
    return f"{'All' if late == len(ends) else 'Most'} fits stopped at {limit}: raise it."


def _worse_than_the_mean(settings: SizeSettings, choice: Choice) -> str:
    if settings.scoring != "r2" or choice.recommended_mean >= 0:
        return ""
    return "r2 below 0 is worse than predicting the mean."


def _rising(settings: SizeSettings, summaries: Sequence[CandidateSummary], choice: Choice) -> str:
    """Say that the smoothed curve still rises at the largest size.

    The largest size has the best smoothed score, and the curve rises over the last octave by more than a difference
    that matters. Two neighbours on a fine grid differ too little to tell.
    """
    curve, matters = _curve(settings, summaries, choice), _difference_that_matters(choice)
    if not curve or curve[-1] != choice.best_smoothed:
        return ""
    largest = curve[-1]
    an_octave_below = [one for one in curve if 2 * _neurons(one) <= _neurons(largest)]
    before = an_octave_below[-1] if an_octave_below else curve[0]
    if choice.smoothed[largest.number] - choice.smoothed[before.number] <= matters:
        return ""
    return f"The curve is still rising at {neurons_text(largest)}: try larger ones."


def _flat(settings: SizeSettings, summaries: Sequence[CandidateSummary], choice: Choice) -> str:
    """Say between which sizes the smoothed scores differ by less than what matters.

    The range is the widest one around the recommended size. It has to span two octaves, or half of the searched range.
    """
    curve, matters = _curve(settings, summaries, choice), _difference_that_matters(choice)
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
    return f"The number of neurons hardly matters between {ends}."


def _one_fold(choice: Choice) -> str:
    return "One fold alone shows no uncertainty yet." if choice.smoothed_error is None else ""


def _curve(settings: SizeSettings, summaries: Sequence[CandidateSummary], choice: Choice) -> list[Candidate]:
    """Return the candidates of the recommended one's curve, by size.

    The list is empty where nothing is said of the curve: before all folds are done, with several layers, and with too
    few sizes to smooth.
    """
    recommended = choice.recommended
    if len(choice.folds) < settings.splits or choice.smoothed_error is None or len(recommended.hidden_layer_sizes) > 1:
        return []
    candidates = [summaries[number].candidate for number in choice.smoothed]
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
