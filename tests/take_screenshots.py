"""Pictures of every main screen, from real runs: ``python tests/take_screenshots.py [FOLDER [KIND...]]``.

Runs searches and evolutions in a home of its own (about three minutes), and writes each screen at two sizes, dark and
light (the files that end in ``-light``), as SVG, and as PNG where ``rsvg-convert`` is installed. KIND takes only the
pictures of ``compare``, ``grid``, ``setup``, ``size`` or ``evolution``.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path

from nnsize_engine.runs import launch
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.settings.auto_strategy import recommended
from nnsize_engine.settings.run import StartedSettings
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.strategy_comparison import compared_settings
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.compare.screen import CompareScreen
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.screen import SetupScreen
from support.customers import write_customers
from support.screen_pictures import LONGEST, Scene, take, write_png

LIVE_SEARCH = SizeSettings(data="digits", scoring="accuracy", neurons="8:128:4", jobs=1)
"""A search of half a minute, one fit at a time: its live pictures are of a run in its middle."""

BUILT_IN = SizeSettings(jobs=1)

OTHERS = (
    SizeSettings(data="diabetes", scoring="r2", neurons="log:4:64:4", cv=3),
    SizeSettings(data="wine", scoring="accuracy", neurons="4:20:4", cv=3),
)
LINES = SizeSettings(
    data="digits",
    scoring="accuracy",
    neurons="4:68:8",
    cv=3,
    grid=(("activation", ("relu", "tanh", "logistic")), ("alpha", (0.0001, 1.0))),
)
MAP = SizeSettings(data="breast_cancer", neurons="8:65:8 x 0:65:8", cv=3)
LIVE_EVOLUTION = recommended(
    data="digits", layers="32", generations=200_000, validation_fraction=0.2, early_stopping=False
)
EVOLVED = recommended(generations=600, validation_fraction=0.2, early_stopping=False)
OTHER_EVOLVED = replace(EVOLVED, strategy="lm-ma-es")
STRATEGIES = compared_settings(
    ("auto", "lm-ma-es", "shade"), {"data": "digits", "layers": "32", "repeats": 3, "evaluations": 20_000}
)
SAME_ROWS = SizeSettings(scoring="accuracy", neurons="4:68:8", test_size=EVOLVED.test_size)
"""A search whose held-out rows are those of the evolutions."""


def main(folder: Path, kinds: list[str]) -> None:
    """Take all pictures of these kinds."""
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.pop("NO_COLOR", None)
    pictures: list[Path] = []
    with tempfile.TemporaryDirectory(prefix="nnsize-screenshots-") as place:
        home = Path(place) / "runs"
        home.mkdir()
        os.chdir(place)
        for kind in kinds:
            pictures += asyncio.run(KINDS[kind](home, folder))
    for picture in pictures + write_png(pictures):
        print(picture)  # noqa: T201


async def take_evolution(home: Path, folder: Path) -> list[Path]:
    """One in its middle, one that has ended, and one of several strategies. All runs, two of them live."""
    live = launch.start(LIVE_EVOLUTION, home)
    _wait_for(live, 600)
    pictures = await take_run(home, folder, live, [Scene(name="evolution", keys=["( MB)"], words="running")])
    search = launch.start(LIVE_SEARCH, home)
    _wait_for(search, 20)
    app = ExplorerApp(home, unicode=True)
    all_runs = Scene(name="home", keys=[f"({live.name})", "down"], words="running")
    pictures += await take(app, folder, [all_runs], lambda: None)
    launch.stop(live)
    launch.stop(search)
    ended = await _ended(EVOLVED, home)
    pictures += await take_run(home, folder, ended, [Scene(name="evolved", keys=["end"], words="finished")])
    compared = await _ended(STRATEGIES, home)
    return pictures + await take_run(home, folder, compared, [Scene(name="strategies", words="finished")])


async def take_compare(home: Path, folder: Path) -> list[Path]:
    """Two searches that differ in their seed; two evolutions, and what gradient training makes of the same."""
    search = replace(BUILT_IN, jobs=2)
    seeds = [await _ended(settings, home) for settings in (search, replace(search, seed=42))]
    pictures = await take_compared(home, folder, seeds, [Scene(name="compare-seeds", words="2 runs compared")])
    evolved = [await _ended(settings, home) for settings in (EVOLVED, OTHER_EVOLVED, SAME_ROWS)]
    curves = Scene(name="compare-evolutions", words="2 runs compared")
    pictures += await take_compared(home, folder, evolved[:2], [curves])
    return pictures + await take_compared(home, folder, evolved, [Scene(name="compare-gradient", words="gradient")])


async def take_grid(home: Path, folder: Path) -> list[Path]:
    """Searches over more than the neurons of one layer."""
    lines, heat = await _ended(LINES, home), await _ended(MAP, home)
    pictures = await take_run(home, folder, lines, [Scene(name="lines", keys=["down"] * 20)])
    return pictures + await take_run(home, folder, heat, [Scene(name="map", keys=["down"] * 30)])


async def take_setup(home: Path, folder: Path) -> list[Path]:
    """A search of one's own table, being set up; the table; an evolution, being set up."""
    write_customers(home.parent / "customers.csv")
    app = ExplorerApp(home, unicode=True)
    draft = Draft().at("customers.csv").changed("neurons", "log:4:64:5").changed("alpha", "log:1e-5:1e-1:5")
    scenes = [
        Scene(name="setup", keys=["(from a measured fit)"], words="customers.csv"),
        Scene(name="data", keys=["ctrl+d", "(contract)", "down", "down"], words="contract"),
    ]
    pictures = await take(app, folder, scenes, lambda: app.push_screen(SetupScreen(home, draft)))
    other = ExplorerApp(home, unicode=True)
    evolution = Scene(
        name="setup-evolution", keys=["e", "(as measured here)", "(worst fractal dimension)"], words="evolution"
    )
    return pictures + await take(other, folder, [evolution], lambda: None)


async def take_size(home: Path, folder: Path) -> list[Path]:
    """A search in its middle, and the built-in one at its end; then what can be done with it."""
    for settings in OTHERS:
        await _ended(settings, home)
    live = launch.start(LIVE_SEARCH, home)
    _wait_for(live, 60)
    middle = Scene(name="run", keys=["end", *["up"] * 12, "( MB)"], words="running")
    pictures = await take_run(home, folder, live, [middle])
    launch.stop(live)
    run = await _ended(BUILT_IN, home)
    scenes = [
        Scene(name="finished", keys=["end", *["up"] * 12], words="finished"),
        Scene(name="export", keys=["x", "(File)"], words="Export run"),
        Scene(name="commands", keys=["escape", "ctrl+p"]),
        Scene(name="help", keys=["escape", "question_mark"], words="This screen"),
        Scene(name="learning", keys=["escape", "m"], words="epoch"),
        Scene(name="zoomed", keys=["M", "z", *["plus"] * 4, *["left"] * 3]),
    ]
    return pictures + await take_run(home, folder, run, scenes)


async def take_run(home: Path, folder: Path, run: Path, scenes: list[Scene]) -> list[Path]:
    """Scenes that begin in an open run."""
    app = ExplorerApp(home, unicode=True)
    view = RunFollower(run).look()
    return await take(app, folder, scenes, lambda: app.open_run(run, view.header.kind, view))


async def take_compared(home: Path, folder: Path, runs: list[Path], scenes: list[Scene]) -> list[Path]:
    """Scenes that begin where runs are compared."""
    app = ExplorerApp(home, unicode=True)
    return await take(app, folder, scenes, lambda: app.push_screen(CompareScreen(runs)))


async def _ended(settings: StartedSettings, home: Path) -> Path:
    """A finished run of these settings: that of before, if there is one."""
    run = launch.start(settings, home)
    await asyncio.to_thread(launch.wait_for, run, lambda state: state == "finished", LONGEST)
    return run


def _wait_for(run: Path, count: int) -> None:
    """Until so many fits, or generations, are done."""
    follower, deadline = RunFollower(run), time.monotonic() + LONGEST
    while follower.look().header.done < count and time.monotonic() < deadline:
        time.sleep(0.1)


KINDS: dict[str, Callable[[Path, Path], Coroutine[None, None, list[Path]]]] = {
    "compare": take_compare,
    "grid": take_grid,
    "setup": take_setup,
    "size": take_size,
    "evolution": take_evolution,  # the last one: its picture of all runs has those of the others
}

if __name__ == "__main__":
    main(
        Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "screenshots",
        sys.argv[2:] or list(KINDS),
    )
