"""The pictures of importances: bars of all parameters, then the effect of each, the most important first."""

from typing import Literal, assert_never

from textual.binding import Binding

from nnsize_engine.charts.bar_chart import BarChart
from nnsize_engine.charts.description import Chart
from nnsize_engine.charts.importance_charts import effect_chart, importance_bars
from nnsize_engine.results.importances import Importances
from nnsize_tui.follow.details import DetailRequest

IMPORTANCE_KEYS: tuple[Binding, ...] = (
    Binding("i", "importances", "Importance", id="run.importances",
            tooltip="How much each parameter matters: its share of the variance between candidates"),
    Binding("i", "effect('effect')", "Effect", id="run.effect",
            tooltip="The mean score by the values of the next parameter, the most important first"),
    Binding("i", "effect('picture')", "Picture", id="run.importances_end",
            tooltip="After the last effect: the picture that the importances replaced"),
)  # fmt: skip


class ImportancePictures:
    """Which picture of importances is in sight, and what it shows."""

    def __init__(self, wanted: DetailRequest) -> None:
        self._wanted = wanted
        self._place: int | None = None
        self._found: Importances | str | None = None

    @property
    def are_shown(self) -> bool:
        """Return whether one of these pictures is in sight."""
        return self._place is not None

    @property
    def _effects(self) -> int:
        return len(self._found.effects) if isinstance(self._found, Importances) else 0

    @property
    def following(self) -> Literal["bars", "effect", "picture"]:
        """Return what the key shows next: the bars, an effect, or the picture that was there before."""
        if self._place is None:
            return "bars"
        return "effect" if self._place < self._effects else "picture"

    def can_do(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Return whether the key does this now: show the bars, or go on to what follows."""
        if action == "importances":
            return not self.are_shown
        return self.are_shown and parameters == (self.following,)

    def why_not(self, action: str, parameters: tuple[object, ...], *, has_any: bool) -> str:
        """Return the reason why the key does not do this now; ``has_any`` is true of several parameters."""
        if not has_any:
            return "it is for a search over several parameters"
        return "" if self.can_do(action, parameters) else "another picture is the next one"

    def begin(self) -> None:
        """Forget what is known of another search."""
        self.leave()
        self._found = None

    def leave(self) -> None:
        """Show none of these pictures."""
        self._place, self._wanted.has_importances = None, False

    def go_on(self) -> None:
        """Show the next picture: the bars, then each effect; after the last one none of them."""
        match self.following:
            case "bars":
                self._place, self._wanted.has_importances = 0, True
            case "effect":
                self._place = (self._place or 0) + 1
            case "picture":
                self.leave()
            case _:
                assert_never(self.following)

    def take(self, found: Importances | str) -> bool:
        """Take newer importances, or why there are none; return whether they are the first."""
        is_first, self._found = self._found is None, found
        self._place = None if self._place is None else min(self._place, self._effects)
        return is_first

    def picture(self) -> Chart | BarChart:
        """Describe the picture in sight."""
        found = self._found
        if found is None:
            return BarChart(sentence="Computing the importances ...")
        if isinstance(found, str):
            return BarChart(sentence=f"{found[:1].upper()}{found[1:]}.")
        if not self._place:
            return importance_bars(found)
        return effect_chart(found, found.ranked[self._place - 1])
