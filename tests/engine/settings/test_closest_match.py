"""A name is suggested where it is near, and not where that would confuse."""

import pytest

from nnsize_engine.settings.closest_match import choose_one, closest_match, hint

KNOWN = ("neurons", "test-size", "Cabin_no", "roc_auc", "tol")


@pytest.mark.parametrize(
    ("name", "meant"),
    [("neuron", "neurons"), ("TEST_SIZE", "test-size"), ("cabin-no", "Cabin_no"), ("rocauc", "roc_auc")],
)
def test_what_is_near_is_found_however_it_is_written(name: str, meant: str) -> None:
    assert closest_match(name, KNOWN) == meant
    assert hint(name, KNOWN, otherwise="look it up") == f"did you mean {meant!r}?"
    assert choose_one(name, KNOWN).startswith(f"the nearest is {meant!r}, and all are neurons, ")


@pytest.mark.parametrize("name", ["", "x", "size", "colour", "popsize"])
def test_what_is_not_near_is_not_suggested(name: str) -> None:
    assert closest_match(name, KNOWN) is None
    assert hint(name, KNOWN, otherwise="look it up") == "look it up"
    assert choose_one(name, KNOWN).startswith("choose one of neurons, ")


def test_nothing_is_near_where_nothing_is_known() -> None:
    assert closest_match("x", ()) is None
