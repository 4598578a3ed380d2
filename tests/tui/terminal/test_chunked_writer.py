"""What is written to a slow line can be cut short, and never inside an escape sequence."""

import io

from hypothesis import given
from hypothesis import strategies as st

from nnsize_tui.terminal.chunked_writer import MAX_PIECE_CHARACTERS, ChunkedWriter, pieces

PARTS = st.lists(
    st.sampled_from(["\x1b[0m", "\x1b[38;2;1;2;3m", "\x1b[10;20H", "─" * 70, "word ", "x" * 2000]), max_size=60
)


@given(PARTS)
def test_pieces_are_the_text_and_begin_with_a_sequence_or_are_short(parts: list[str]) -> None:
    text = "".join(parts)
    found = pieces(text)
    assert "".join(found) == text
    assert all(piece.startswith("\x1b") for piece in found[1:])
    longest = max((len(part) for part in text.replace("\x1b", "\0\x1b").split("\0")), default=0)
    assert all(0 < len(piece) <= max(MAX_PIECE_CHARACTERS, longest) for piece in found)


class Watched(io.StringIO):
    """Does something with every piece."""

    line: ChunkedWriter
    cut_after = 1 << 60

    def write(self, text: str) -> int:
        if self.tell() + len(text) > self.cut_after:
            self.line.cut()
        return super().write(text)


def test_a_picture_that_is_cut_ends_soon_and_what_comes_next_is_whole() -> None:
    file = Watched()
    file.line = line = ChunkedWriter(file)
    picture = "\x1b[1m" + "a" * 90 + ("\x1b[0m" + "b" * 96) * 200
    assert line.write(picture) == len(picture)
    assert file.getvalue() == picture
    file.cut_after = len(picture) + 3000
    line.write(picture)
    assert len(picture) + 3000 < len(file.getvalue()) < len(picture) + 3000 + 2 * MAX_PIECE_CHARACTERS
    file.cut_after = 1 << 60
    line.write("\x1b[?1049l")
    assert file.getvalue().endswith("b\x1b[?1049l")
