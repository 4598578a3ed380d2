from hypothesis import given
from hypothesis import strategies as st

from nnsize_tui.terminal.clipboard import MAX_CLIPBOARD_BYTES, clipboard_part, copied_words


def test_what_fits_is_copied_whole_and_a_multiplexers_need_is_said() -> None:
    text = "a\tb\n1\t2\n"
    assert clipboard_part(text) == text
    assert copied_words("fits of zibiro", text, {}) == "Copied fits of zibiro: 2 lines."
    assert copied_words("mean", "0.5", {}) == "Copied mean: 3 characters."
    assert copied_words("mean", "0.5", {"TMUX": "/tmp/x"}).endswith(" tmux needs: set -g set-clipboard on")
    assert copied_words("mean", "0.5", {"STY": "1.x"}).endswith("screen does not pass it on.")


def test_of_what_is_too_long_whole_lines_are_copied_and_the_note_says_how_many() -> None:
    text = "0123456789\n" * 10_000
    kept = clipboard_part(text)
    assert kept.endswith("9\n")
    assert len(kept) <= MAX_CLIPBOARD_BYTES
    words = copied_words("fits", text, {})
    assert words == "Copied the first 6,817 lines of fits, which has 10,000: a terminal takes no more."


@given(st.text(min_size=1, max_size=9), st.integers(1, 40_000))
def test_never_more_than_a_terminal_takes(text: str, times: int) -> None:
    long = text * times
    kept = clipboard_part(long)
    assert len(kept.encode()) <= MAX_CLIPBOARD_BYTES
    assert long.startswith(kept)
