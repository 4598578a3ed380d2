"""The example runs, and where the package keeps them; ``make examples`` records them again."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent

MAX_EXAMPLE_BYTES = 1_500_000  # of all files of examples: the package is downloaded with them


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An example run."""

    name: str
    """The name of the run: short, so that lists show all of it."""

    words: str
    """The question in a line."""

    table: str | None = None
    """The name of the file with its table; None for built-in data."""

    @property
    def archive(self) -> Path:
        """The run as an exported file."""
        return FOLDER / f"{self.name}.zip"


ARTICLE_1 = Example(
    name="demo-1",
    words="article 1: how many neurons? 48 sizes, 5 to 99, on the breast-cancer data, as the built-in search has them",
)
ARTICLE_2 = Example(
    name="demo-2",
    words="article 2: can evolution train it? 4,097 weights, 20,485 members, 10 generations; and gradient training",
)
OWN_TABLE = Example(
    name="demo-3",
    words="a table of one's own: which customers leave? Dates, labels and gaps, with --neurons auto",
    table="customers.csv",
)

EXAMPLES: tuple[Example, ...] = (ARTICLE_1, ARTICLE_2, OWN_TABLE)
"""All examples, in the order in which a newcomer may open them."""
