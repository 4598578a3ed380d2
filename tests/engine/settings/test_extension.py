"""An extension only adds to a search."""

from dataclasses import replace

import pytest

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.extension import Extension, extended, extension_words
from nnsize_engine.settings.search import SizeSettings

GRID = SizeSettings(neurons="5:100:2", repeats=2, fold_rounds=2)
AUTO = SizeSettings(neurons="auto", max_neurons=64)


def test_sizes_repeats_and_rounds_are_added_and_nothing_else_changes() -> None:
    new = extended(GRID, Extension(neurons="101:199:2", repeats=3, fold_rounds=4))
    assert new == replace(GRID, neurons="5:100:2,101:199:2", repeats=3, fold_rounds=4)
    assert set(GRID.candidates) < set(new.candidates)
    assert extension_words(GRID, new) == "+ 49 sizes, + 1 repeat, + 2 rounds of folds"


def test_a_size_that_is_there_already_is_searched_once() -> None:
    new = extended(GRID, Extension(neurons="97:104:2"))
    assert len(new.candidates) == len(GRID.candidates) + 2
    assert extension_words(GRID, new) == "+ 2 sizes"


def test_a_search_that_finds_its_sizes_gets_a_larger_limit() -> None:
    new = extended(AUTO, Extension(max_neurons=128))
    assert new.candidates[: len(AUTO.candidates)] == AUTO.candidates
    assert new.candidates[-1] == (128,)
    assert extension_words(AUTO, new) == "sizes up to 128"


def test_a_limit_that_the_training_rows_set_can_be_raised() -> None:
    small = SizeSettings(data="iris", scoring="accuracy", neurons="auto")
    assert small.candidates[-1] == (128,)
    assert extended(small, Extension(max_neurons=181)).candidates[-1] == (181,)


def test_an_extension_changes_no_seed_of_a_search_that_finds_its_sizes() -> None:
    before = SizeSettings(neurons="auto", repeats=2)
    after = extended(before, Extension(repeats=3, fold_rounds=2))
    for split in range(before.splits):
        new = before.repeat_of(split) * after.folds + before.fold_of(split)
        assert after.seed_offset_of(new) == before.seed_offset_of(split)


@pytest.mark.parametrize(
    ("settings", "extension", "field", "message"),
    [
        (GRID, Extension(), None, "that adds nothing to the run; name further sizes, more repeats or more rounds"),
        (GRID, Extension(repeats=2, fold_rounds=2), None, "that adds nothing to the run"),
        (GRID, Extension(repeats=1), "repeats", "repeats is 1, but the run has 2; it is the number in all"),
        (GRID, Extension(fold_rounds=1), "fold_rounds", "fold-rounds is 1, but the run has 2"),
        (GRID, Extension(repeats=1001), "repeats", "repeats is 1001; it must be a whole number, between 1 and 1000"),
        (GRID, Extension(neurons="5,7"), "neurons", "the run has the sizes 5,7 already; name further ones"),
        (GRID, Extension(neurons="auto"), "neurons", "auto cannot be added to the sizes 5:100:2"),
        (GRID, Extension(neurons="5:100:0"), "neurons", "the step of '5:100:0' is 0"),
        (GRID, Extension(max_neurons=200), "max_neurons", "the run has the sizes 5:100:2; add some with neurons"),
        (AUTO, Extension(neurons="200"), "neurons", "the run finds its sizes itself; give it a larger max-neurons"),
        (AUTO, Extension(max_neurons=64), "max_neurons", "max-neurons is 64; the run tries sizes up to 64 already, and "
         "the next one is 91"),
        (AUTO, Extension(max_neurons=8), "max_neurons", "max-neurons is 8; the run tries sizes up to 64 already"),
    ],
)  # fmt: skip
def test_what_is_no_extension_is_refused(
    settings: SizeSettings, extension: Extension, field: str | None, message: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        extended(settings, extension)
    assert message in str(refused.value)
    assert refused.value.field == field
