"""The answer in words: the recommended size first, then every remark that is true."""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from nnsize_engine.results.answer import Results, answer_sentences
from nnsize_engine.results.choice import choose
from nnsize_engine.results.references import ReferenceName, summarise_references
from nnsize_engine.results.search_records import Candidate, FinalTest, FitResult
from nnsize_engine.results.statistics import shared_statistics, summarise_all
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from support.made_candidates import made_fit
from support.made_references import made_references

OCTAVES = (4, 8, 16, 32, 64, 128)
SIZES = SizeSettings(cv=2)

Score = Callable[[int, int], float | None]


def steady(mean: Callable[[int], float], spread: float = 0.01) -> Score:
    """Scores of two folds, apart by twice the spread."""
    return lambda neurons, fold: mean(neurons) + (spread if fold else -spread)


def answer(
    score: Score,
    sizes: Sequence[int] = OCTAVES,
    settings: SizeSettings = SIZES,
    *,
    folds: int = 2,
    converged: Callable[[int], bool] = lambda neurons: True,  # noqa: ARG005
    finals: Mapping[int, FinalTest] = MappingProxyType({}),
    references: Mapping[ReferenceName, float] | None = None,
) -> list[str]:
    candidates = [
        Candidate(number=place, hidden_layer_sizes=(neurons,), weights=10 * neurons)
        for place, neurons in enumerate(sizes)
    ]
    fits: list[FitResult] = []
    for one in candidates:
        neurons = one.hidden_layer_sizes[0]
        for fold in range(folds):
            found = score(neurons, fold)
            error = None if found is not None else "overflow"
            fits.append(made_fit(one.number, fold, found, has_converged=converged(neurons), error=error))
    summaries = summarise_all(candidates, fits, settings.splits)
    shared = shared_statistics(summaries, settings.repeats)
    choice = choose(summaries, shared)
    assert choice is not None
    compared = summarise_references(made_references(references or {}, settings.cv), settings.cv, range(settings.cv))
    results = Results(
        settings=settings, summaries=summaries, shared=shared, choice=choice, finals=finals, references=compared
    )
    return answer_sentences(results)


def peak(of_32: float) -> Score:
    """A peak between 16 and 32 neurons."""
    return steady(lambda neurons: {4: 0.5, 8: 0.7, 16: 0.9, 32: of_32, 64: 0.7, 128: 0.5}[neurons])


PEAK = peak(0.9003)


def test_the_first_sentence_names_the_score_its_error_and_the_distance_to_the_best_mean() -> None:
    # Worked by hand: two folds 0.02 apart have a standard error of 0.01.
    (first,) = answer(PEAK)
    score = "roc_auc 0.9000, standard error 0.0100"
    assert first == f"16 neurons are recommended: {score}, 0.0003 below the best mean (32)."


def test_the_best_mean_itself_is_called_so() -> None:
    sentences = answer(steady(lambda neurons: neurons / 40, 0.0), sizes=(8, 32))
    assert sentences == ["32 neurons are recommended: roc_auc 0.8000, standard error 0.0000, the best mean."]


def test_small_distances_are_said_in_words() -> None:
    assert answer(peak(0.90003))[0].endswith(", less than 0.0001 below the best mean (32).")
    equal = answer(lambda neurons, fold: 0.9, sizes=(8, 4))  # noqa: ARG005
    assert equal[0].startswith("4 neurons are recommended: ")
    assert equal[0].endswith(", equal to the best mean (8).")


def test_one_neuron_is_singular() -> None:
    first, *_ = answer(steady(lambda neurons: 1 - neurons / 10), sizes=(1, 2))
    assert first.startswith("1 neuron is recommended: ")


def test_failed_candidates_come_before_all_other_remarks() -> None:
    sentences = answer(
        lambda neurons, fold: None if neurons == 8 else 0.9 + fold / 100, converged=lambda neurons: neurons > 100
    )
    flat = "the number of neurons hardly matters between 4 and 128"
    assert sentences[1:] == [
        f"1 of 6 sizes could not be scored on every fold; most fits stopped at max_iter 200: raise it; {flat}."
    ]


def test_fits_that_stopped_at_max_iter_are_counted() -> None:
    assert answer(PEAK, converged=lambda neurons: False)[1:] == [  # noqa: ARG005
        "All fits stopped at max_iter 200: raise it."
    ]
    limited = SizeSettings(cv=2, network=NetworkParameters(max_iter=30))
    assert answer(PEAK, settings=limited, converged=lambda neurons: neurons > 16)[1:] == []
    assert answer(PEAK, settings=limited, converged=lambda neurons: neurons > 32)[1:] == [
        "Most fits stopped at max_iter 30: raise it."
    ]
    searched = SizeSettings(cv=2, grid=(("max_iter", (10, 20)),))
    assert answer(PEAK, settings=searched, converged=lambda neurons: neurons > 32)[1:] == [
        "Most fits stopped at max_iter: raise it."
    ]


def test_an_r2_below_zero_is_explained() -> None:
    regression = SizeSettings(data="diabetes", scoring="r2", cv=2)
    explained = "r2 below 0 is worse than predicting the mean"
    low = steady(lambda neurons: -1.0 if neurons == 4 else -0.9)
    assert answer(low, sizes=(4, 8), settings=regression)[1:] == [f"{explained}."]
    late = answer(low, sizes=(4, 8), settings=regression, converged=lambda neurons: False)  # noqa: ARG005
    assert late[1:] == [f"All fits stopped at max_iter 200: raise it; {explained}."]
    assert answer(PEAK, settings=regression)[1:] == []
    assert answer(low, sizes=(4, 8))[1:] == []  # another scoring


def test_a_curve_that_rises_to_its_end_asks_for_larger_sizes() -> None:
    rising = steady(lambda neurons: 0.5 + 0.001 * neurons)
    assert answer(rising)[1:] == ["The curve is still rising at 128: try larger ones."]
    last_is_lower = steady(lambda neurons: {32: 0.9, 64: 1.0, 128: 0.99}.get(neurons, 0.5))
    assert answer(last_is_lower)[1:] == ["The smoothed curve is still rising at 128: try larger ones."]
    fine = range(5, 100, 2)  # neighbours differ by little, an octave by much
    assert answer(rising, sizes=fine)[1:] == ["The curve is still rising at 99: try larger ones."]
    assert answer(steady(lambda neurons: 0.5 + 0.001 * neurons, 1.0), sizes=fine)[1:] != [
        "The curve is still rising at 99: try larger ones."
    ]


def test_a_flat_curve_names_the_range_in_which_the_size_hardly_matters() -> None:
    plateau = steady(lambda neurons: 0.5 if neurons < 16 else 0.9 if neurons < 65 else 0.5, 0.2)
    wide = steady(lambda neurons: 0.9, 0.1)  # noqa: ARG005
    assert answer(wide)[1:] == ["The number of neurons hardly matters between 4 and 128."]
    assert answer(plateau)[1:] == []  # smoothed, its shoulders are not flat
    shelf = steady(lambda neurons: 0.2 if neurons < 8 else 0.9 - 1e-5 * neurons, 0.1)
    (remark,) = answer(shelf, sizes=(1, 2, 4, *(2**power for power in range(4, 16))))[1:]
    assert remark.startswith("The number of neurons hardly matters between ")


def test_the_shape_of_the_curve_is_not_told_before_all_folds_are_done() -> None:
    flat = steady(lambda neurons: 0.9, 0.1)  # noqa: ARG005
    assert answer(flat, settings=SizeSettings(cv=3))[1:] == []
    assert answer(flat, folds=1)[1:] == ["One fold alone shows no uncertainty yet."]


def final(candidate: int, score: float | None, error: str | None = None) -> FinalTest:
    return FinalTest(
        candidate=candidate, test_score=score, train_score=0.99, fit_seconds=0.1, iterations=9, error=error
    )


def test_the_first_sentence_ends_with_the_test_scores() -> None:
    begin = "16 neurons are recommended: roc_auc 0.9000, standard error 0.0100, "
    distance = "0.0003 below the best mean (32)"
    both = {2: final(2, 0.91), 3: final(3, 0.92)}
    assert answer(PEAK, finals=both) == [f"{begin}{distance}, test score 0.9100 (32: 0.9200)."]
    assert answer(PEAK, finals={2: both[2]}) == [f"{begin}{distance}, test score 0.9100."]
    assert answer(PEAK, finals={3: both[3]}) == [f"{begin}{distance}, test score of 32: 0.9200."]  # an older run
    assert answer(PEAK, finals={2: final(2, None), 3: final(3, None)}) == [f"{begin}{distance}."]  # no test rows
    alone = answer(steady(lambda neurons: neurons / 40, 0.0), sizes=(8, 32), finals={1: final(1, 0.7)})
    assert alone[0].endswith(", the best mean, test score 0.7000.")


def test_failed_final_tests_are_a_remark() -> None:
    failed = {2: final(2, None, "overflow"), 3: final(3, 0.92)}
    assert answer(PEAK, finals=failed)[1:] == ["The final test of 16 failed: overflow."]
    alone = answer(steady(lambda neurons: neurons / 40, 0.0), sizes=(8, 32), finals={1: final(1, None, "overflow")})
    assert alone[1:] == ["The final test failed: overflow."]


def test_an_answer_has_at_most_two_sentences_and_four_lines_of_80_columns() -> None:
    rising = steady(lambda neurons: 0.5 + 0.001 * neurons)
    finals = {number: final(number, 0.9) for number in range(6)}
    late = answer(PEAK, converged=lambda neurons: False, finals=finals)  # noqa: ARG005
    worst = answer(
        lambda neurons, fold: None if neurons == 8 else -1 + 0.001 * neurons + fold / 100,
        settings=SizeSettings(data="diabetes", scoring="r2", cv=2),
        converged=lambda neurons: False,  # noqa: ARG005
        finals=finals,
    )
    assert worst[1].count("; ") >= 2
    for sentences in (late, worst, answer(rising, finals=finals)):
        assert len(sentences) == 2
        assert len(textwrap.wrap(" ".join(sentences), 78)) <= 4


def test_a_reference_within_a_quarter_of_the_standard_error_is_as_good() -> None:
    # The standard error is 0.01, so that a difference of 0.0025 does not matter.
    first, *rest = answer(PEAK, references={"dummy": 0.5, "linear": 0.8976, "trees": 0.9})
    assert "0.9000" in first
    assert rest == ["A linear model is as good (0.8976)."]
    assert answer(PEAK, references={"linear": 0.8974, "trees": 0.8976})[1:] == ["Boosted trees are as good (0.8976)."]
    assert answer(PEAK, references={"dummy": 0.5, "linear": 0.8974, "trees": 0.8})[1:] == []


def test_a_reference_that_is_better_is_called_so_even_if_a_simpler_one_is_as_good() -> None:
    assert answer(PEAK, references={"linear": 0.9, "trees": 0.95})[1:] == ["Boosted trees are better (0.9500)."]
    assert answer(PEAK, references={"linear": 0.97, "trees": 0.95})[1:] == ["A linear model is better (0.9700)."]


def test_a_dummy_is_named_only_if_the_network_is_no_better() -> None:
    assert answer(PEAK, references={"dummy": 0.897, "linear": 0.5})[1:] == []
    words = ["The network is no better than a dummy, which ignores the inputs."]
    assert answer(PEAK, references={"dummy": 0.9, "linear": 0.99})[1:] == words


def test_references_are_not_compared_before_every_fold_is_done() -> None:
    assert "linear" not in " ".join(answer(PEAK, folds=1, references={"linear": 0.99}))
