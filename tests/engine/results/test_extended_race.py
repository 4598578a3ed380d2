"""The race of an extended search decides as that of a search that began with the extended settings."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nnsize_engine.errors import SettingsError
from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.renumbering import Renumbering
from nnsize_engine.results.search_race import SearchRace
from nnsize_engine.results.search_records import FitResult
from nnsize_engine.settings.extension import Extension, extended
from nnsize_engine.settings.search import SizeSettings
from support.made_candidates import made_fit

AUTO = SizeSettings(data="iris", scoring="accuracy", neurons="auto", max_neurons=16)
GRID = SizeSettings(data="iris", scoring="accuracy", neurons="2:30:4", race=True)


def run(settings: SizeSettings, noise: int, done: Sequence[FitResult] = ()) -> tuple[SearchRace, list[FitResult]]:
    """Return the race after all fits that it wants, and the fits; a score is decided by its size and fold alone."""
    race, fits = SearchRace(settings, list_candidates(settings)), list(done)
    sizes = [candidate.hidden_layer_sizes[0] for candidate in list_candidates(settings)]
    race.take(fits)
    while wanted := race.view().wanted:
        new = []
        for candidate, fold in wanted:
            luck = hashlib.sha256(repr((sizes[candidate], fold, noise)).encode()).digest()
            score = None if luck[1] == 0 else 0.9 - 0.5 / sizes[candidate] + 0.02 * luck[0] / 256
            new.append(made_fit(candidate, fold, score, error="it failed" if score is None else None))
        race.take(new)
        fits += new
    return race, fits


@pytest.mark.parametrize("settings", [AUTO, GRID], ids=["auto", "grid"])
@given(data=st.data(), noise=st.integers(0, 100_000))
def test_an_extended_race_decides_as_one_that_began_so(settings: SizeSettings, data: st.DataObject, noise: int) -> None:
    extension = Extension(
        neurons=None if settings.finds_sizes else data.draw(st.sampled_from([None, "34:60:8", "3,5"])),
        max_neurons=data.draw(st.sampled_from([None, 64])) if settings.finds_sizes else None,
        fold_rounds=data.draw(st.integers(1, 2)),
    )
    try:
        after = extended(settings, extension)
    except SettingsError:
        assume(False)
    _, done = run(settings, noise)
    done = done[: data.draw(st.integers(0, len(done)))]  # a killed runner has stored some of them
    kept = Renumbering.between(settings, after).fits(done)
    grown, fits = run(after, noise, kept)
    fresh, _ = run(after, noise)
    assert fits[: len(kept)] == kept
    assert replace(grown.view(), total=0) == replace(fresh.view(), total=0)
    assert grown.view().total == len(fits)
