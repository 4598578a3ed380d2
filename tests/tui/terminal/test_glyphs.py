from collections.abc import Mapping
from dataclasses import fields

import pytest

from nnsize_tui.terminal.glyphs import ASCII, UNICODE, first_environment, has_unicode


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "en_US.UTF-8"}, True),
        ({"LANG": "C.utf8"}, True),
        ({"LANG": "de_DE.UTF-8@euro"}, True),
        ({"LC_CTYPE": "UTF-8"}, True),
        ({"LANG": "C"}, False),
        ({"LANG": "POSIX"}, False),
        ({}, False),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "C", "LC_CTYPE": "en_US.UTF-8"}, True),
        ({"LANG": "en_US.UTF-8", "LC_ALL": ""}, True),
        ({"LANG": "xx.no-such-encoding"}, False),
    ],
)
def test_unicode_is_used_where_the_locale_says_so(environment: Mapping[str, str], expected: bool) -> None:
    assert has_unicode(environment) is expected


def test_the_ascii_glyphs_are_ascii_and_as_many() -> None:
    for field in fields(ASCII):
        if field.name != "unicode":
            assert getattr(ASCII, field.name).isascii()
            assert not getattr(UNICODE, field.name).isascii()


def test_the_first_environment_can_be_read() -> None:
    assert "PATH" in first_environment()
