"""Generations in columns are what the same records in a list are."""

import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsize_engine.results.generations import Generations, evaluation_rates
from nnsize_engine.results.records import GENERATION_COLUMNS, GenerationResult
from support.made_runs import made_generation


@st.composite
def records(draw: st.DrawFn) -> list[GenerationResult]:
    """A few generations, some of whose values are missing."""
    values = st.none() | st.floats(allow_nan=False, allow_infinity=False)
    return [
        replace(
            made_generation(number),
            best=draw(values),
            held_out=draw(values),
            low=draw(values),
            counts=tuple(draw(st.lists(st.integers(0, 2**32 - 1), max_size=4))),
            evaluations=draw(st.integers(0, 2**53 + 1)),
        )
        for number in range(draw(st.integers(0, 6)))
    ]


@settings(max_examples=50, deadline=None)
@given(expected=records())
def test_they_are_a_sequence_of_the_same_records(expected: list[GenerationResult]) -> None:
    found = Generations(expected)
    assert list(found) == expected
    assert len(found) == len(expected)
    assert [found[place] for place in range(-len(expected), 0)] == expected
    for part in (slice(1, 4), slice(-2, None), slice(None, None, 2)):
        assert found[part] == tuple(expected[part])
    for name in set(GENERATION_COLUMNS) - {"counts"}:
        assert found.column(name, 1) == [getattr(one, name) for one in expected[1:]]
    assert found == Generations(expected)
    assert hash(found) == hash(Generations(expected))
    assert found == Generations(expected[:-1]) or expected
    with pytest.raises(IndexError):
        found[len(expected)]


def test_a_longer_one_leaves_those_before_as_they_were_and_may_branch() -> None:
    rows = [_row(made_generation(number)) for number in range(4)]
    short = Generations().with_rows(rows[:2])
    long = short.with_rows(rows[2:3])
    other = short.with_rows(rows[3:])
    assert [len(one) for one in (short, long, other)] == [2, 3, 3]
    assert [one.number for one in short] == [0, 1]
    assert [one.number for one in long] == [0, 1, 2]
    assert [one.number for one in other] == [0, 1, 3]
    assert long != other
    assert short == Generations([made_generation(0), made_generation(1)])
    assert short.column("number") == [0, 1]


def test_a_row_with_a_value_of_a_wrong_kind_adds_nothing() -> None:
    known = Generations([made_generation(0)])
    row = _row(made_generation(1))
    row[GENERATION_COLUMNS.index("elapsed")] = "soon"
    with pytest.raises(TypeError):
        known.with_rows([row])
    assert list(known.with_rows([_row(made_generation(1))])) == [made_generation(0), made_generation(1)]


def test_a_histogram_takes_little_more_than_its_numbers() -> None:
    row = _row(replace(made_generation(0), counts=tuple(range(32))))
    tracemalloc.start()
    try:
        rows = [[bytes(bytearray(value)) if isinstance(value, bytes) else value for value in row] for _ in range(1000)]
        found = Generations().with_rows(rows)
        rows.clear()
        kept = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert len(found) == 1000
    assert kept < 1000 * (8 * len(GENERATION_COLUMNS) + 4 * 32 + 24)


def _row(result: GenerationResult) -> list[object]:
    """As a run file holds it."""
    values = [getattr(result, name) for name in GENERATION_COLUMNS]
    values[GENERATION_COLUMNS.index("counts")] = b"".join(count.to_bytes(4, "little") for count in result.counts)
    return values


def test_the_rate_after_a_missing_generation_is_unknown() -> None:
    whole = [made_generation(number) for number in range(5)]
    known = evaluation_rates(Generations(whole))
    assert None not in known
    del whole[2]
    assert evaluation_rates(Generations(whole)) == [*known[:2], None, known[4]]
    assert evaluation_rates(Generations(whole[1:]))[0] is None
