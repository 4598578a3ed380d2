"""What is looked at beside an open run: losses of one candidate, and what its processes use of the machine."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nnsize_engine.errors import StoreError
from nnsize_engine.processes.usage import ProcessUsage, UsageFollower
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs.loss_curves import LossCurveFollower
from nnsize_engine.runs.view import AnyView, EvolutionView, SizeView
from nnsize_engine.settings.run import Kind, by_kind
from nnsize_tui.follow.messages import LossesSeen, Post, UseSeen

USE_SECONDS = 2.0
"""Between two looks at the processes: shorter ones are moved by chance."""


class Wanted:
    """What a screen wants to be read besides the run itself."""

    candidate: int | None = None
    """Whose losses; None while they are not in sight."""


class Beside:
    """Looks at these each time when the run was looked at; posts what is new."""

    def __init__(self, folder: Path, wanted: Wanted, post: Post) -> None:
        self._folder, self._wanted, self._post = folder, wanted, post
        self._run: tuple[str, float] | None = None
        self._learning = LossCurveFollower(folder)
        self._losses: object = None
        self._use = UsageFollower()
        self._shown: ProcessUsage | None = None
        self._next_use = 0.0

    def look(self, view: AnyView) -> None:
        """Look at what belongs to this look at the run."""
        run = (view.header.id, view.header.created)
        if run != self._run:  # the first look, or another run was put in this one's place
            self._run, self._learning, self._losses = run, LossCurveFollower(self._folder), None
        self._look_at_use(view)
        _LOOK_AT_STEPS[view.kind](self, view)

    def look_at_losses(self, view: SizeView) -> None:
        """Look at the losses of the candidate that is wanted."""
        self._learning.watch(view.under_way)
        candidate = self._wanted.candidate
        if candidate is None or candidate >= len(view.summaries):
            return
        fits = view.summaries[candidate].fits
        finished = [fold for fold, fit in enumerate(fits) if fit is not None and fit.error is None]
        try:
            curves = self._learning.look(candidate, finished)
        except StoreError:
            return  # the next look at the run says why
        if (candidate, curves) != self._losses:
            self._losses = (candidate, curves)
            self._post(LossesSeen(candidate, curves))

    def _look_at_use(self, view: AnyView) -> None:
        is_live = view.state in LIVE_STATES
        if is_live and time.monotonic() < self._next_use:
            return
        self._next_use = time.monotonic() + USE_SECONDS
        use = self._use.look(view.header.runner) if is_live else None
        if use is not None:  # no more digits than are shown: what looks alike is not posted
            use = replace(use, processors=round(use.processors, 1), megabytes=float(f"{use.megabytes:.2g}"))
        if use != self._shown:
            self._shown = use
            self._post(UseSeen(use))


def _no_losses(_: Beside, view: EvolutionView) -> None:
    """An evolution stores all that is known of a generation with it."""
    del view


_LOOK_AT_STEPS: Mapping[Kind, Callable[[Beside, Any], None]] = by_kind(size=Beside.look_at_losses, evolution=_no_losses)
