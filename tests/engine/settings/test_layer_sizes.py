"""The short text that names neuron counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.layer_sizes import format_layers, parse_neurons

sizes = st.integers(1, 2000)


@given(start=sizes, stop=sizes, step=st.integers(-50, 50).filter(bool))
def test_a_range_means_what_numpy_arange_means(start: int, stop: int, step: int) -> None:
    expected = [(int(size),) for size in np.arange(start, stop, step)]
    if expected:
        assert list(parse_neurons(f"{start}:{stop}:{step}")) == expected
    else:
        with pytest.raises(SettingsError, match="names no size"):
            parse_neurons(f"{start}:{stop}:{step}")


@given(first=sizes, factor=st.floats(1.01, 50), count=st.integers(2, 30))
def test_a_log_range_holds_both_ends_and_numpy_geomspace(first: int, factor: float, count: int) -> None:
    last = int(first * factor) + 1
    found = [size for (size,) in parse_neurons(f"log:{first}:{last}:{count}")]
    assert (found[0], found[-1]) == (first, last)
    assert found == sorted(set(found))
    # geomspace goes through logarithms, so a value at exactly one half may round the other way
    spaced = np.geomspace(first, last, count)
    assert all(np.abs(spaced - size).min() <= 0.5 + 1e-6 for size in found)


@given(st.lists(st.lists(sizes, min_size=1, max_size=4).map(tuple), min_size=1, max_size=20))
def test_what_is_written_is_read_back_in_order_each_once(layers: list[tuple[int, ...]]) -> None:
    assert list(parse_neurons(",".join(map(format_layers, layers)))) == list(dict.fromkeys(layers))


def test_article_1_searches_48_sizes() -> None:
    assert [layers for (layers,) in parse_neurons("5:100:2")] == list(range(5, 100, 2))


def test_layers_may_be_ranges() -> None:
    assert parse_neurons("2:6:2x3:5") == ((2, 3), (2, 4), (4, 3), (4, 4))


def test_a_layer_of_0_after_the_first_is_no_such_layer_and_blanks_change_nothing() -> None:
    assert parse_neurons("8:17:8 x 0:9:4") == ((8,), (8, 4), (8, 8), (16,), (16, 4), (16, 8))
    assert parse_neurons(" 8x0 , 8 , 8x0x4,8x4x0") == ((8,), (8, 4))
    assert parse_neurons("2xlog:4:16:3") == ((2, 4), (2, 8), (2, 16))
    assert len(parse_neurons("8:65:8 x 0:65:8")) == 8 * 9


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("5:5", "names no size"),
        ("0:10", "0 neurons cannot be"),
        ("a,b", "neither a whole number nor a range"),
        ("", "neither a whole number nor a range"),
        ("5,,7", "neither a whole number nor a range"),
        ("-3", "-3 neurons cannot be"),
        ("5:100:0", "step of '5:100:0' is 0"),
        ("1:2:3:4", "neither a whole number nor a range"),
        ("5.5", "neither a whole number nor a range"),
        ("64x", "neither a whole number nor a range"),
        ("64x-1", "-1 neurons cannot be; start at 0 or above"),
        ("0x8", "'0x8' begins with a layer of 0 neurons; the first must have 1 or more, and 0, for no such layer, may"),
        ("5, 0:9:3 x 8", "'0:9:3 x 8' begins with a layer of 0 neurons"),
        ("8 x 0:0", "names no size"),
        ("8xlog:0:4:2", "0 neurons cannot be; start at 1 or above"),
        ("log:4:512", "log:FIRST:LAST:COUNT"),
        ("log:512:4:8", "needs FIRST below LAST"),
        ("log:0:4:2", "0 neurons cannot be"),
        ("1:999999999999", "more than 100,000 networks"),
        ("1:1000x1:1000", "more than 100,000 networks"),
        ("5000000", "above the limit"),
        ("log:1:1000:999999999", "more than 100,000 networks"),
        ("٣", "neither a whole number nor a range"),
    ],
)
def test_a_text_that_cannot_be_meant_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        parse_neurons(text)
