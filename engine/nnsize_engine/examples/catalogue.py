"""The example runs, and where the package keeps them; ``make examples`` records them again."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent

MAX_EXAMPLE_BYTES = 1_500_000  # of all files of examples: the package is downloaded with them


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An example run."""

    name: str
    """The name of the run, which says that it is an example."""

    words: str
    """What was asked, in a line."""

    table: str | None = None
    """The name of the file with its table; None for built-in data."""

    @property
    def archive(self) -> Path:
        """The run as an exported file."""
        return FOLDER / f"{self.name}.zip"


ARTICLE_1 = Example(
    name="example-article-1",
    words="How many neurons? 48 sizes, 5 to 99, on the breast-cancer data: the built-in search.",
)
ARTICLE_2 = Example(
    name="example-article-2",
    words="Can evolution train it? 4,097 weights, 20,485 members, 10 generations, beside gradient training.",
)
OWN_TABLE = Example(
    name="example-own-table",
    words="How many neurons for a table of your own? Dates, labels and gaps; sizes found by themselves.",
    table="customers.csv",
)

EXAMPLES: tuple[Example, ...] = (ARTICLE_1, ARTICLE_2, OWN_TABLE)
"""All examples, in the order in which a newcomer may open them."""
