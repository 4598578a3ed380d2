"""The glossary: few terms, each explained once, and the guide shows the same text."""

from pathlib import Path

from nnsize_engine.settings.glossary import GLOSSARY

GUIDE = Path(__file__).parents[3] / "engine/docs/glossary.md"


def test_there_are_at_most_twenty_five_terms_and_none_twice() -> None:
    terms = [term for term, _ in GLOSSARY]
    assert len(terms) <= 25
    assert len(set(terms)) == len(terms)


def test_every_term_is_explained_in_one_to_three_sentences() -> None:
    for term, words in GLOSSARY:
        assert words.endswith("."), term
        assert words.isascii(), term
        assert 1 <= words.count(". ") + 1 <= 3, term


def test_the_guide_shows_exactly_the_same_text() -> None:
    lines = [line for line in GUIDE.read_text().splitlines() if line.startswith("- ")]
    assert lines == [f"- **{term}**: {words}" for term, words in GLOSSARY]
