"""What is known of a search of scikit-learn that a run only watches: scikit-learn has its settings, and fits."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.datasets import DatasetFacts, Task

MAX_CANDIDATES = 10_000_000  # of one search; a higher number is a broken one

SEARCHES = ("GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV")
"""The searches of scikit-learn that can be watched; their classes may be derived ones."""

NO_CONTROL = "scikit-learn runs it, and nnsize only watches; {} where it was started"
"""Why a watched search cannot be steered; in braces what to do instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedSettings:
    """Facts of a watched search, known when its fits begin."""

    kind: ClassVar[Literal["watched"]] = "watched"

    name: str
    """The name that the user gave to the search."""

    search: str
    """The class of the search, such as ``GridSearchCV``."""

    estimator: str
    """The class of the estimator; of a pipeline those of its steps."""

    searched: tuple[str, ...]
    """Names of the searched parameters, in scikit-learn's order."""

    splits: int
    """Number of fits of each candidate."""

    scorings: tuple[str, ...]
    """Names of the scores; the first one chooses. One alone is called by its scorer, such as ``roc_auc``."""

    score_names: tuple[str, ...]
    """The names of the same scores in ``cv_results_``, such as ``score``."""

    planned: int
    """Number of candidates that are known when the search begins; a halving search tries most of them several times."""

    resource: str | None = None
    """What a halving search gives more and more of, such as ``n_samples``; None for other searches."""

    rows: int = 0
    inputs: int = 0
    task: Task = "regression"
    classes: int = 0
    """Number of classes; 0 in regression."""

    table: ClassVar[None] = None
    cluster: ClassVar[None] = None
    repeats: ClassVar[int] = 1
    test_size: ClassVar[float] = 0.0
    is_race: ClassVar[bool] = False
    takes_last_rows: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if self.splits < 1 or self.planned < 0 or not self.scorings or len(self.scorings) != len(self.score_names):
            raise SettingsError(
                f"a watched search has {self.splits} splits and the scores {', '.join(self.scorings)}; it needs at "
                "least one of each"
            )

    @property
    def data(self) -> str:
        """The data in a few letters: rows and columns of X."""
        return f"X {self.rows}x{self.inputs}"

    @property
    def known(self) -> DatasetFacts:
        """The facts of the data."""
        return DatasetFacts(name=self.data, task=self.task, rows=self.rows, inputs=self.inputs, classes=self.classes)

    @property
    def measure(self) -> str:
        """The score that the curve of the run shows."""
        return self.scorings[0]

    @property
    def final_scoring(self) -> str:
        """The scoring that chooses; there is no final test."""
        return self.scorings[0]

    @property
    def further_scorings(self) -> tuple[str, ...]:
        """Scores that choose nothing."""
        return self.scorings[1:]

    @property
    def is_halving(self) -> bool:
        """Return whether candidates are tried again and again with more of a resource."""
        return self.resource is not None

    @property
    def total_steps(self) -> int:
        """Number of fits, as far as it is known when the search begins."""
        return self.planned * self.splits
