"""A table is encoded as scikit-learn's ColumnTransformer encodes a frame of it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsize_engine.data import encode
from nnsize_engine.data.encode import Encoder, TableRows, all_rows, column_transformer, frame
from nnsize_engine.data.encoded_width import count_inputs
from nnsize_engine.data.table import Column
from nnsize_engine.settings.scaler import SCALERS, Scaler


def number(name: str, values: Any, precision: str = "float64") -> Column:
    return Column(name=name, kind="number", values=np.array(values, dtype=precision))


def category(name: str, values: list[str | None]) -> Column:
    levels = tuple(sorted({value for value in values if value is not None}))
    codes = [-1 if value is None else levels.index(value) for value in values]
    return Column(name=name, kind="category", values=np.array(codes, dtype=np.int32), levels=levels)


def mixed(rows: int, seed: int, *, missing: float = 0.1, precision: str = "float64") -> TableRows:
    """Numbers and categories in turn, some with rare levels, some missing."""
    rng = np.random.default_rng(seed)
    columns = []
    for place in range(7):
        is_missing = rng.random(rows) < (missing if place % 3 else 0)
        if place % 2:
            labels = rng.choice([f"level {level}" for level in rng.permutation(30)], rows, p=_falling(30))
            columns.append(
                category(
                    f"c{place}", [None if gone else str(label) for gone, label in zip(is_missing, labels, strict=True)]
                )
            )
        else:
            values = rng.normal(rng.normal() * 100, 10.0**place, rows)
            columns.append(number(f"n{place}", np.where(is_missing, np.nan, values), precision))
    return all_rows(tuple(columns))


def _falling(levels: int) -> Any:
    weights = 0.7 ** np.arange(levels)
    return weights / weights.sum()


def halves(table: TableRows, seed: int = 0) -> tuple[TableRows, TableRows]:
    order = np.random.default_rng(seed).permutation(len(table))
    return table.take(order[: len(table) // 2]), table.take(order[len(table) // 2 :])


def counts(table: TableRows) -> tuple[int, ...]:
    return tuple(count_inputs(column, table.rows) for column in table.columns)


@pytest.mark.parametrize("scaler", SCALERS)
@pytest.mark.parametrize("missing", [0.0, 0.2])
@pytest.mark.parametrize("kinds", ["number", "category", "number category"])
@pytest.mark.parametrize("at_a_time", [encode.MAX_BLOCK_VALUES, 700])
def test_blocks_of_columns_and_rows_are_encoded_bit_for_bit_like_a_whole_frame(
    kinds: str, missing: float, scaler: Scaler, at_a_time: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encode, "MAX_BLOCK_VALUES", at_a_time)
    whole = mixed(1001, 1, missing=missing)
    table = all_rows(tuple(column for column in whole.columns if column.kind in kinds.split()))
    train, test = halves(table)
    transformer = column_transformer(train, scaler=scaler)
    expected = transformer.fit_transform(frame(train))
    encoder = Encoder(train, scaler=scaler)
    found = encoder.transform(train, precision="float64", order=encoder.order)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(encoder.transform(test, precision="float64"), transformer.transform(frame(test)))
    assert found.strides == expected.strides
    assert sum(counts(train)) == encoder.inputs == len(transformer.get_feature_names_out())


cells = st.one_of(st.none(), st.sampled_from(["a", "b", "é", "B", "  ", "10", "9"]))
numbers = st.one_of(st.just(float("nan")), st.floats(-1e6, 1e6))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(numbers, cells, numbers, cells), min_size=4, max_size=40), st.integers(1, 3), st.booleans())
def test_any_table_is_encoded_like_its_frame(rows: list[Any], cut: int, has_blocks: bool) -> None:
    columns = tuple(
        (number if place % 2 == 0 else category)(str(place), list(values))
        for place, values in enumerate(zip(*rows, strict=True))
    )
    table = all_rows(columns)
    train, test = table.take(np.arange(cut, len(rows))), table.take(np.arange(cut))
    transformer = column_transformer(table)
    expected = transformer.fit_transform(frame(train))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encode, "MAX_BLOCK_VALUES", 8 if has_blocks else 1000)
        encoder = Encoder(train)
        np.testing.assert_array_equal(encoder.transform(train, precision="float64"), expected)
        np.testing.assert_array_equal(encoder.transform(test, precision="float64"), transformer.transform(frame(test)))


def test_float32_differs_by_rounding_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encode, "MAX_BLOCK_VALUES", 1000)
    table, light = mixed(2000, 3), mixed(2000, 3, precision="float32")
    expected = column_transformer(table).fit_transform(frame(table))
    found = Encoder(light).transform(light, precision="float32")
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_inputs_are_counted_column_by_column() -> None:
    columns = (
        category("colour", ["red", "blue", None, "red"]),
        number("age", [1.0, np.nan, 2.0, 3.0]),
        number("size", [1.0, 2.0, 3.0, 4.0]),
    )
    table = all_rows(columns)
    assert table.has_missing
    assert counts(table) == (3, 2, 1)
    assert counts(table.take(np.array([0, 3]))) == (1, 1, 1)


def test_what_was_in_memory_before_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dates are float64 in either precision; a float32 that signals when it is converted may lie anywhere."""
    columns = (number("age", [1, 2], "float32"), number("when", [np.nan, 4]))
    empty = np.empty

    def soiled(shape: Any, dtype: Any = float, order: Any = "C") -> Any:
        made = empty(shape, dtype, order)
        made.T.view(np.uint32)[...] = 0x7FA00000
        return made

    monkeypatch.setattr(np, "empty", soiled)
    found = encode._gather(columns, np.array([1, 0, 1]))
    np.testing.assert_array_equal(found, [[2, 4], [1, np.nan], [2, 4]])
