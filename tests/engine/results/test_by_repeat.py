"""How the recommendation moves with the seed: each repeat alone decides as a search with that seed does."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.results.by_repeat import ByRepeat, recommended_by, seeds_text
from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.search_choice import choose_from_fits
from nnsize_engine.results.search_records import Candidate
from nnsize_engine.results.statistics import summarise_all
from nnsize_engine.settings.search import SizeSettings
from support.made_candidates import made_fit

SEARCH = SizeSettings(data="iris", scoring="accuracy", neurons="2,4,8,16", cv=3, repeats=3)
CANDIDATES = list_candidates(SEARCH)
SCORES = st.lists(st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=9, max_size=9), min_size=4, max_size=4)


@given(SCORES)
def test_a_repeat_alone_recommends_what_a_search_with_its_seed_recommends(scores: list[list[float | None]]) -> None:
    fits = [
        made_fit(number, split, score, error=None if score is not None else "overflow")
        for number, row in enumerate(scores)
        for split, score in enumerate(row)
    ]
    summaries = summarise_all(CANDIDATES, fits, SEARCH.splits)
    for repeat in range(3):
        of_repeat = [replace(fit, fold=fit.fold - 3 * repeat) for fit in fits if fit.fold // 3 == repeat]
        alone = choose_from_fits(replace(SEARCH, repeats=1, seed=repeat), of_repeat)
        assert recommended_by(summaries, 3, repeat) == (None if alone is None else alone.recommended)


def test_only_complete_repeats_decide_and_a_search_without_repeats_has_none() -> None:
    fits = [made_fit(one.number, split, 0.1 * one.number) for split in range(7) for one in CANDIDATES]
    summaries = summarise_all(CANDIDATES, fits, SEARCH.splits)
    assert [one.number for one in ByRepeat(SEARCH).recommended(summaries)] == [3, 3]
    single = replace(SEARCH, repeats=1)
    first = summarise_all(CANDIDATES, [fit for fit in fits if fit.fold < 3], 3)
    assert ByRepeat(single).recommended(first) == ()


def candidate(*layers: int, activation: str = "relu") -> Candidate:
    weights = 10 * sum(layers)
    return Candidate(number=0, hidden_layer_sizes=layers, weights=weights, parameters=(("activation", activation),))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([candidate(8)], ""),
        ([candidate(8), candidate(8)], "with each of 2 seeds alone: 8 neurons"),
        ([candidate(41), candidate(23), candidate(30)], "with each of 3 seeds alone: 23 to 41 neurons"),
        ([candidate(8, 4), candidate(8)], "with each of 2 seeds alone: 8 to 8x4 neurons"),
        (
            [candidate(8), candidate(9, activation="tanh")],
            "with each of 2 seeds alone: 8 to 9 neurons, with other parameters in 1",
        ),
    ],
)
def test_the_words_name_the_smallest_and_the_largest_size(found: list[Candidate], words: str) -> None:
    settings = replace(SEARCH, grid=(("activation", ("relu", "tanh")),), repeats=1)
    fits = [made_fit(number, fold, 0.5) for fold in range(3) for number in range(8)]
    choice = choose_from_fits(settings, fits)
    assert choice is not None
    assert choice.recommended.parameters == (("activation", "relu"),)
    assert seeds_text(found, choice) == words
