"""Details of an open run: losses of a candidate, importances, and the use of the machine by its processes."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nnsize_engine.charts.importances_of import importances_of
from nnsize_engine.errors import RunError, StoreError
from nnsize_engine.processes.usage import ProcessUsage, UsageFollower
from nnsize_engine.results.importances import Importances
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs.loss_curves import LossCurveFollower
from nnsize_engine.runs.view import AnyView, EvolutionView, SizeView, WatchedView
from nnsize_engine.settings.run import Kind, RunSettings, by_kind
from nnsize_tui.follow.messages import ImportancesSeen, LossesSeen, Post, UsageSeen

USAGE_INTERVAL_SECONDS = 2.0
"""Seconds between two looks at the processes; over less time, processor use varies by chance."""


PAUSE_PER_COMPUTING_TIME = 20
"""The pause after importances were computed, as a multiple of the time that it took."""


class DetailRequest:
    """Details that a screen needs now; the screen changes it, the thread reads it."""

    candidate: int | None = None
    """Number of the candidate whose loss curves are visible; None while none are."""

    has_importances: bool = False
    """True while the importances of the parameters are visible."""


class DetailFollower:
    """Repeated looks at details, one after each look at the run; changes are posted."""

    def __init__(self, folder: Path, request: DetailRequest, post: Post) -> None:
        self._folder, self._request, self._post = folder, request, post
        self._run: tuple[str, float, RunSettings] | None = None
        self._curves = LossCurveFollower(folder)
        self._losses: object = None
        self._importances: Importances | str | None = None
        self._importances_of: object = None
        """The finished fits that the importances are from."""

        self._next_importances = 0.0
        self._usage = UsageFollower()
        self._shown: ProcessUsage | None = None
        self._next_usage_look = 0.0

    def look(self, view: AnyView) -> None:
        """Look at the details of a run as it was just seen."""
        run = (view.header.id, view.header.created, view.header.settings)
        if run != self._run:  # the first look, an extended run, or another run in the folder
            self._run, self._curves, self._losses = run, LossCurveFollower(self._folder), None
            self._importances = self._importances_of = None
        self._look_at_usage(view)
        _LOOK_AT_STEPS[view.kind](self, view)

    def look_at_search(self, view: SizeView) -> None:
        """Look at the losses and the importances that the screen needs."""
        self.look_at_losses(view)
        self.look_at_importances(view)

    def look_at_importances(self, view: SizeView | WatchedView) -> None:
        """Compute the importances if the screen shows them and fits have ended; during a run not all the time."""
        fits = (view.state in LIVE_STATES, view.header.done, view.broken)
        began = time.monotonic()
        if not self._request.has_importances or fits == self._importances_of:
            return
        if view.state in LIVE_STATES and began < self._next_importances:
            return
        try:
            found: Importances | str = importances_of(view)
        except RunError as error:
            found = str(error)
        now = time.monotonic()
        self._importances_of = fits
        self._next_importances = now + PAUSE_PER_COMPUTING_TIME * (now - began)
        if found != self._importances:
            self._importances = found
            self._post(ImportancesSeen(found))

    def look_at_losses(self, view: SizeView) -> None:
        """Look at the losses of the candidate that the screen needs."""
        self._curves.watch(view.under_way)
        candidate = self._request.candidate
        if candidate is None or candidate >= len(view.summaries):
            return
        fits = view.summaries[candidate].fits
        finished = [fold for fold, fit in enumerate(fits) if fit is not None and fit.error is None]
        try:
            curves = self._curves.look(candidate, finished)
        except StoreError:
            return  # the next look at the run reports it
        if (candidate, curves) != self._losses:
            self._losses = (candidate, curves)
            self._post(LossesSeen(candidate, curves))

    def _look_at_usage(self, view: AnyView) -> None:
        is_live = view.state in LIVE_STATES
        if is_live and time.monotonic() < self._next_usage_look:
            return
        self._next_usage_look = time.monotonic() + USAGE_INTERVAL_SECONDS
        use = self._usage.look(view.header.runner) if is_live else None
        if use is not None:  # round to the digits shown, so that equal texts are not posted
            use = replace(use, processors=round(use.processors, 1), megabytes=float(f"{use.megabytes:.2g}"))
        if use != self._shown:
            self._shown = use
            self._post(UsageSeen(use))


def _nothing(_: DetailFollower, view: EvolutionView) -> None:
    """Do nothing: the view of an evolution has all details."""
    del view


_LOOK_AT_STEPS: Mapping[Kind, Callable[[DetailFollower, Any], None]] = by_kind(
    size=DetailFollower.look_at_search, evolution=_nothing, watched=DetailFollower.look_at_importances
)
