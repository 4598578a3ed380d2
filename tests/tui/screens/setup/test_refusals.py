"""Every table that cannot be used gets one sentence, in the setup screen beside the field; nothing is faked but the
process in which it is looked at."""

import dataclasses
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nnsize_engine.preflight import client
from nnsize_engine.preflight.__main__ import answer_inspection
from nnsize_engine.results.estimates import SearchEstimate
from nnsize_engine.results.table_summary import DataSummary, summary_from_json
from nnsize_engine.runs import launch
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.data.screen import DataScreen
from nnsize_tui.screens.setup import background_preflight
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.screen import SetupScreen
from nnsize_tui.screens.setup.setting_list import SettingList
from support.made_summaries import made_estimate
from support.pilots import shown, until, until_shown
from support.setup_pilots import there

LABELS = ("p", "q")


def lines(first: str = "{row}", label: str = "", rows: int = 60, head: str = "a,b,y") -> bytes:
    """Return a table whose first column and last label are made from the row's number."""
    body = [f"{first.format(row=row)},{row % 7},{label or LABELS[row % 2]}" for row in range(rows)]
    return "\n".join([head, *body, ""]).encode()


FILES: Mapping[str, tuple[bytes, str, str]] = {
    "empty.csv": (b"", "data", "empty.csv is empty"),
    "junk.csv": (bytes(range(256)) * 20, "data", "binary data, not text"),
    "heading.csv": (b"a,b,y\n", "data", "no rows"),
    "one-class.csv": (lines(label="p"), "target", "has only one class, p"),
    "mixed.csv": (lines().replace(b"\n5,", b"\ntall,"), "missing", "mixes 59 numbers and 1 text"),
    "infinite.csv": (lines().replace(b"\n5,", b"\ninf,"), "data", "column 'a' is infinite in row"),
}
"""The contents of each file, the field at fault, and words of the sentence."""


USABLE: Mapping[str, tuple[bytes, tuple[str, ...]]] = {
    "missing.csv": (lines(first=""), ("1 column left out: a (empty)", "no value in any row: it is left out")),
    "many.csv": (lines(first="name{row}", rows=2000), ("1 column left out: a (2,000 labels)", "2,000 different texts")),
    "few.csv": (
        lines(label="p").replace(b"\n3,3,p\n4,4,p\n", b"\n3,3,q\n4,4,q\n"),
        ("class q has 2 rows: some folds lack it", "class q of 'y' has no training row; no network learns it"),
    ),
}
"""The contents of files that are used with a warning, and words that the screen shows."""


def look_here(choice: TableChoice, **options: object) -> DataSummary:
    options.pop("question")
    return summary_from_json(answer_inspection({"choice": dataclasses.asdict(choice), **options}))


@pytest.fixture(autouse=True)
def looked_at_here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(client, "look_at_table", look_here)
    monkeypatch.setattr(background_preflight, "PAUSE_SECONDS", 0.001)
    return home


async def set_up(pilot: Pilot[None], home: Path, draft: Draft) -> SettingList:
    pilot.app.push_screen(SetupScreen(home, draft))
    screen = await there(pilot)
    return screen.query_one(SettingList)


def problems(settings: SettingList) -> dict[str, str]:
    return {one.key: one.problem for one in settings._settings if one.problem}


@pytest.mark.parametrize("name", FILES)
async def test_a_table_that_cannot_be_used_is_one_sentence_beside_its_field(
    explorer: ExplorerApp, looked_at_here: Path, name: str
) -> None:
    contents, field, words = FILES[name]
    Path(name).write_bytes(contents)
    async with explorer.run_test(size=(100, 40)) as pilot:
        settings = await set_up(pilot, looked_at_here, Draft().at(name))
        await until(pilot, lambda: problems(settings))
        assert list(problems(settings)) == [field]
        assert words in problems(settings)[field]
        assert "\n" not in problems(settings)[field]
        assert "--" not in problems(settings)[field]
        await until_shown(pilot, "✗")


@pytest.mark.parametrize("name", USABLE)
async def test_a_table_with_an_unusable_part_is_used_without_it_and_says_so(
    explorer: ExplorerApp, looked_at_here: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(client, "estimate", lambda *_: made_estimate())
    contents, words = USABLE[name]
    Path(name).write_bytes(contents)
    async with explorer.run_test(size=(160, 48)) as pilot:
        settings = await set_up(pilot, looked_at_here, Draft().at(name))
        await until_shown(pilot, *words)
        assert problems(settings) == {}


async def test_a_table_with_faults_is_shown_with_all_of_them(explorer: ExplorerApp, looked_at_here: Path) -> None:
    broken = lines().replace(b"\n5,", b"\ntall,").replace(b",3,", b",high,")
    Path("broken.csv").write_bytes(broken)
    async with explorer.run_test(size=(160, 48)) as pilot:
        settings = await set_up(pilot, looked_at_here, Draft().at("broken.csv"))
        await until(pilot, lambda: problems(settings))
        assert "(1) column 'a' mixes" in problems(settings)["missing"]
        assert "(2) column 'b' mixes" in problems(settings)["missing"]
        await pilot.press("ctrl+d")
        await until(pilot, lambda: isinstance(explorer.screen, DataScreen))
        await until_shown(
            pilot, "no run can use them yet: 2 faults.", "such as 'tall' in row 6", "such as 'high' in row 4"
        )
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(explorer.screen, SetupScreen))


async def test_a_table_that_cannot_be_read_is_shown_as_text(explorer: ExplorerApp, looked_at_here: Path) -> None:
    Path("ragged.csv").write_bytes(lines().replace(b"\n5,5,", b"\n5,5,5,"))
    async with explorer.run_test(size=(160, 48)) as pilot:
        settings = await set_up(pilot, looked_at_here, Draft().at("ragged.csv"))
        await until(pilot, lambda: problems(settings))
        await pilot.press("ctrl+d")
        await until(pilot, lambda: isinstance(explorer.screen, DataScreen))
        await until_shown(pilot, "line 7 of ragged.csv has 4 fields", "Unnamed: 3")


@pytest.mark.parametrize(
    ("key", "text", "field", "words"),
    [
        ("target", "nosuch", "target", "no column 'nosuch'"),
        ("ignore", "nosuch", "ignore", "no column 'nosuch'"),
        ("data", "nosuch.csv", "data", "there is no file nosuch.csv"),
        ("data", ".", "data", "is a folder"),
        ("test_size", "0.999", "test_size", "0.999"),
    ],
)
async def test_what_does_not_fit_the_table_is_one_sentence_beside_its_field(
    explorer: ExplorerApp, looked_at_here: Path, key: str, text: str, field: str, words: str
) -> None:
    Path("fine.csv").write_bytes(lines())
    async with explorer.run_test(size=(100, 40)) as pilot:
        settings = await set_up(pilot, looked_at_here, Draft().at("fine.csv").changed(key, text))
        await until(pilot, lambda: problems(settings))
        assert list(problems(settings)) == [field]
        assert words in problems(settings)[field]


async def test_a_file_that_changes_before_the_start_is_looked_at_again_and_nothing_is_started(
    explorer: ExplorerApp, looked_at_here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "start", lambda *_, **__: pytest.fail("it was started"))
    monkeypatch.setattr(client, "estimate", lambda *_: made_estimate())
    table = Path("fine.csv")
    table.write_bytes(lines())
    async with explorer.run_test(size=(100, 40), notifications=True) as pilot:
        settings = await set_up(pilot, looked_at_here, Draft().at("fine.csv"))
        await until_shown(pilot, "60 rows, 3 columns", "from a measured fit")
        table.write_bytes(lines(rows=80))
        await pilot.press("ctrl+s")
        await until_shown(pilot, "Not yet: fine.csv has changed")
        await until_shown(pilot, "80 rows, 3 columns", "from a measured fit")
        table.write_bytes(FILES["one-class.csv"][0])
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "has only one class, p" in problems(settings).get("target", ""))
        table.unlink()
        await pilot.press("ctrl+s")
        await until_shown(pilot, "there is no file fine.csv")


async def test_a_file_that_changes_while_a_fit_is_measured_is_looked_at_again(
    explorer: ExplorerApp, looked_at_here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_written = threading.Event()

    def measured(*_: object) -> SearchEstimate:
        is_written.wait(60)
        return made_estimate()

    monkeypatch.setattr(client, "estimate", measured)
    table = Path("fine.csv")
    table.write_bytes(lines())
    async with explorer.run_test(size=(100, 40)) as pilot:
        await set_up(pilot, looked_at_here, Draft().at("fine.csv"))
        await until_shown(pilot, "60 rows, 3 columns", "measuring a fit")
        table.write_bytes(lines(rows=80))
        is_written.set()
        await until_shown(pilot, "80 rows, 3 columns", "from a measured fit")


async def test_a_column_name_with_terminal_codes_is_shown_harmlessly_everywhere(
    explorer: ExplorerApp, looked_at_here: Path
) -> None:
    Path("codes.csv").write_bytes(lines(head="a\x1b[31m,b,y\x1b]0;title\x07"))
    async with explorer.run_test(size=(100, 40)) as pilot:
        await set_up(pilot, looked_at_here, Draft().at("codes.csv"))
        await until_shown(pilot, "60 rows, 3 columns", "y\\x1b]0;title\\x07")
        await pilot.press("down", "enter")
        await until_shown(pilot, "a\\x1b[31m", "enter takes it")
        assert "\x1b" not in shown(pilot)
        assert "\x07" not in shown(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(explorer.screen, SetupScreen))
        await pilot.press("ctrl+d")
        await until(pilot, lambda: isinstance(explorer.screen, DataScreen))
        for key in ("v", "v", "z", "v"):
            await until_shown(pilot, "codes.csv")
            assert "\x1b" not in shown(pilot)
            await pilot.press(key)
