"""Pictures for the README, from real runs: ``python tests/take_screenshots.py [FOLDER [KIND]]``.

Runs searches and an evolution in a home of its own (about three minutes), then writes ``home``, ``run``, ``finished``,
``evolution``, ``lines``, ``map``, ``setup`` and ``data`` at two sizes as SVG, and as PNG where ``rsvg-convert`` is
installed. KIND, ``size``, ``evolution``, ``grid`` or ``setup``, takes only those pictures.
"""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd
from textual.pilot import Pilot

from nnsize_engine import launch
from nnsize_engine.evolution_settings import recommended
from nnsize_engine.records import LIVE_STATES
from nnsize_engine.run_view import RunFollower
from nnsize_engine.settings import SizeSettings
from nnsize_tui.app import ExplorerApp
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.screens.open_run import OpenRunScreen
from nnsize_tui.screens.run import RunScreen
from nnsize_tui.screens.setup import SetupScreen
from nnsize_tui.screens.setup_draft import Draft
from nnsize_tui.widgets.canvas import Canvas

SIZES = ((80, 24), (160, 48))
SEARCHES = (
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
EVOLUTION = recommended(data="digits", layers="32", generations=10_000, validation_fraction=0.2, early_stopping=False)
LONGEST = 300.0


def main(folder: Path, kinds: Collection[str]) -> None:
    """Take all pictures of runs of these kinds."""
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    pictures: list[Path] = []
    with tempfile.TemporaryDirectory(prefix="nnsize-screenshots-") as home:
        if "evolution" in kinds:
            pictures += asyncio.run(_take_evolution(Path(home), folder))
        if "grid" in kinds:
            pictures += asyncio.run(_take_grids(Path(home), folder))
        if "setup" in kinds:
            pictures += asyncio.run(_take_setup(Path(home), folder))
        if "size" in kinds:
            pictures += asyncio.run(_take_all(Path(home), folder))
    for picture in pictures:
        print(picture)  # noqa: T201
    converter = shutil.which("rsvg-convert")
    if converter is None:
        print("no PNG: rsvg-convert is not installed (Debian: librsvg2-bin)")  # noqa: T201
        return
    for picture in pictures:
        target = picture.with_suffix(".png")
        subprocess.run([converter, "-o", target], input=_for_rsvg(picture), check=True)
        print(target)  # noqa: T201


def _for_rsvg(picture: Path) -> bytes:
    """The picture with a font that is installed wherever rsvg-convert is, at the width that its places are made for."""
    svg = picture.read_text()
    svg = re.sub(
        r"font-family: Fira Code, monospace;\s*font-size: 20px",
        "font-family: DejaVu Sans Mono; font-size: 20.27px",
        svg,
    )
    return svg.encode()


async def _take_all(home: Path, folder: Path) -> list[Path]:
    for settings in SEARCHES:
        ended = launch.start(settings, home)
        await asyncio.to_thread(launch.wait_for, ended, lambda state: state == "finished", LONGEST)
    run = launch.start(SizeSettings(jobs=1), home)  # slow enough to be seen live
    _wait_for_fits(run, 110)
    pictures = [await _take(home, folder / f"home-{width}x{height}.svg", width, height) for width, height in SIZES]
    _wait_for_fits(run, 150)
    pictures += [await _take(home, folder / f"run-{width}x{height}.svg", width, height, run) for width, height in SIZES]
    await asyncio.to_thread(launch.wait_for, run, lambda state: state == "finished", LONGEST)
    pictures += [
        await _take(home, folder / f"finished-{width}x{height}.svg", width, height, run) for width, height in SIZES
    ]
    return pictures


async def _take_grids(home: Path, folder: Path) -> list[Path]:
    """Searches over more than the neurons of one layer, finished."""
    pictures: list[Path] = []
    for name, settings in (("lines", LINES), ("map", MAP)):
        run = launch.start(settings, home)
        await asyncio.to_thread(launch.wait_for, run, lambda state: state == "finished", LONGEST)
        pictures += [
            await _take(home, folder / f"{name}-{width}x{height}.svg", width, height, run) for width, height in SIZES
        ]
    return pictures


async def _take_setup(home: Path, folder: Path) -> list[Path]:
    """A search of one's own table, being set up; and the table."""
    table = "customers.csv"
    _write_customers(home / table)
    os.chdir(home)
    pictures: list[Path] = []
    for width, height in SIZES:
        app = ExplorerApp(home / "runs", unicode=True)
        async with app.run_test(size=(width, height)) as pilot:
            app.push_screen(SetupScreen(home / "runs", Draft().at(table).changed("alpha", "log:1e-5:1e-1:5")))
            deadline = time.monotonic() + LONGEST
            while "about" not in app.export_screenshot() and time.monotonic() < deadline:
                await pilot.pause(0.2)  # until a fit is measured
            pictures.append(await _draw(app, pilot, folder / f"setup-{width}x{height}.svg"))
            await pilot.press("ctrl+d", "down", "down")
            pictures.append(await _draw(app, pilot, folder / f"data-{width}x{height}.svg"))
    return pictures


def _write_customers(table: Path) -> None:
    """Made up: numbers, labels, dates, all with gaps; a quarter of the customers leave."""
    rng, rows = np.random.default_rng(0), 900
    months, bill = rng.gamma(2, 14, rows).round(), rng.lognormal(3.6, 0.5, rows).round(2)
    contract = rng.choice(["monthly", "yearly", "two years"], rows, p=[0.55, 0.3, 0.15])
    leaves = 0.02 * bill - 0.05 * months + 1.5 * (contract == "monthly") + rng.logistic(0, 0.8, rows) > 1.2
    frame = pd.DataFrame(
        {
            "customer_id": 10_000 + np.arange(rows),
            "joined": pd.Timestamp("2026-06-30") - pd.to_timedelta(months * 30.4, unit="D").round("D"),
            "months": months,
            "bill": np.where(rng.random(rows) < 0.06, np.nan, bill),
            "contract": np.where(rng.random(rows) < 0.03, "", contract),
            "city": rng.choice(["Basel", "Bern", "Chur", "Genf", "Thun"], rows, p=[0.3, 0.4, 0.02, 0.2, 0.08]),
            "paperless": rng.random(rows) < 0.6,
            "leaves": np.where(leaves, "yes", "no"),
        }
    )
    frame.to_csv(table, index=False, date_format="%Y-%m-%d")


async def _take_evolution(home: Path, folder: Path) -> list[Path]:
    """In its middle."""
    run = launch.start(EVOLUTION, home)
    _wait_for_fits(run, 600)
    pictures = [
        await _take(home, folder / f"evolution-{width}x{height}.svg", width, height, run) for width, height in SIZES
    ]
    launch.stop(run)
    await asyncio.to_thread(launch.wait_for, run, lambda state: state not in LIVE_STATES, LONGEST)
    return pictures


def _wait_for_fits(run: Path, count: int) -> None:
    """Or for as many generations."""
    follower, deadline = RunFollower(run), time.monotonic() + LONGEST
    while follower.look().header.done < count and time.monotonic() < deadline:
        time.sleep(0.1)


async def _take(home: Path, picture: Path, width: int, height: int, run: Path | None = None) -> Path:
    first = RunFollower(run).look() if run is not None else None
    app = ExplorerApp(home, unicode=True, first=first)
    async with app.run_test(size=(width, height)) as pilot:
        await _settled(app, pilot)
        if isinstance(app.screen, RunScreen) and height > 30:
            await pilot.press("end", *["up"] * 12)  # a row in the middle of the curve
        return await _draw(app, pilot, picture)


async def _draw(app: ExplorerApp, pilot: Pilot[None], picture: Path) -> Path:
    """Write the screen as it stands."""
    await pilot.pause(1.0)
    for canvas in app.screen.query(Canvas):
        canvas.redraw()  # what waits for a slow line need not wait for a picture
    await pilot.pause()
    # Without the attribute, some programs drop the blanks that a text begins with.
    svg = app.export_screenshot(title="nnsize-tui").replace("<text ", '<text xml:space="preserve" ')
    picture.write_text(svg)
    return picture


async def _settled(app: ExplorerApp, pilot: Pilot[None]) -> None:
    """Until everything that comes after the first frame is there: rows, and the chart."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        await pilot.pause(0.2)
        screen = app.screen
        if not isinstance(screen, OpenRunScreen) or len(screen.query_one(ChartView).render_line(1).text.strip()) > 1:
            return


if __name__ == "__main__":
    main(
        Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "screenshots",
        sys.argv[2:] or ("size", "evolution", "grid", "setup"),
    )
