"""Names, notes and tags of runs: what is kept, what is refused, and what a hostile file can do, which is nothing."""

import json
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.errors import RunError, RunTakenError, SettingsError
from nnsize_engine.export.import_archive import import_archive
from nnsize_engine.export.run_archive import export_archive
from nnsize_engine.runs import label as labels
from nnsize_engine.runs.folders import find_run
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.label import (
    FILE_NAME,
    NO_LABEL,
    LabelChange,
    RunLabel,
    made_label,
    read_label,
    write_label,
)
from nnsize_engine.runs.launch import delete
from nnsize_engine.runs.relabel import numbered_name, relabel
from support.made_runs import made_corrupt, made_run
from support.made_watched import made_watched

FULL = RunLabel(name="baseline ü", note="the first one", tags=("relu", "wide"))


def test_a_number_makes_a_name_free_and_keeps_it_short(tmp_path: Path) -> None:
    (tmp_path / "long name").mkdir()
    (tmp_path / "long name-2").mkdir()
    assert numbered_name("other", tmp_path, 11) == "other"
    assert numbered_name("long name", tmp_path, 11) == "long name-3"
    assert numbered_name("long name", tmp_path, 7) == "long-2"


LETTERS = st.characters(exclude_categories=("C", "Z"))


@given(
    name=st.text(LETTERS, max_size=labels.MAX_NAME_LETTERS).filter(lambda text: text != "last"),
    note=st.text(LETTERS, max_size=labels.MAX_NOTE_LETTERS),
    tags=st.lists(st.text(LETTERS, min_size=2, max_size=labels.MAX_TAG_LETTERS), max_size=labels.MAX_TAGS),
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, name: str, note: str, tags: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("run")
    kept = [tag.replace(",", "") for tag in tags]
    label = made_label(name, note, [tag for tag in kept if tag.removeprefix("#")])
    write_label(folder, label)
    assert read_label(folder) == label
    assert (folder / FILE_NAME).stat().st_size <= labels.MAX_LABEL_BYTES
    assert [path.name for path in folder.iterdir()] == [FILE_NAME]


def test_the_longest_label_can_be_read(tmp_path: Path) -> None:
    wide = "\U00020000"
    label = made_label(
        wide * labels.MAX_NAME_LETTERS,
        wide * labels.MAX_NOTE_LETTERS,
        [wide * (labels.MAX_TAG_LETTERS - 1) + chr(0x20001 + place) for place in range(labels.MAX_TAGS)],
    )
    write_label(tmp_path, label)
    assert read_label(tmp_path) == label


@pytest.mark.parametrize(
    ("given_label", "words"),
    [
        ({"name": "x" * 81}, "the name has 81 characters; at most 80 are kept"),
        ({"name": "a\x1b[2Jb"}, r"the name is 'a\x1b[2Jb'; it must be plain text in one line"),
        ({"name": "a\u202eb"}, r"the name is 'a\u202eb'; it must be plain text in one line"),
        ({"name": "a\nb"}, r"the name is 'a\nb'; it must be plain text in one line"),
        ({"name": "last"}, "the name is 'last', which means the newest run; give the run another name"),
        ({"note": "x" * 501}, "the note has 501 characters; at most 500 are kept"),
        ({"tags": ["two words"]}, "a tag is 'two words'; it must be one word without commas, such as baseline"),
        ({"tags": ["a,b"]}, "a tag is 'a,b'; it must be one word without commas, such as baseline"),
        ({"tags": [""]}, "a tag is ''; it must be one word without commas, such as baseline"),
        ({"tags": [f"t{place}" for place in range(17)]}, "there are 17 tags; a run has up to 16 different ones"),
    ],
)
def test_what_cannot_be_a_label_is_refused_in_one_sentence(given_label: dict[str, object], words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        made_label(**given_label)  # type: ignore[arg-type]
    assert str(caught.value) == words


def test_a_note_of_several_lines_becomes_one_and_tags_are_kept_once() -> None:
    label = made_label("  a name ", "first\n  second\tline ", ["#a", "b", "a"])
    assert label == RunLabel(name="a name", note="first second line", tags=("a", "b"))


HOSTILE = {
    "no JSON": b"{",
    "empty": b"",
    "not UTF-8": b'{"name": "\xff", "note": "", "tags": []}',
    "a list": b'["name", "note", "tags"]',
    "a text": b'"name"',
    "nested": b"[" * 10_000,
    "too large": b'{"name": "", "note": "", "tags": []}' + b" " * labels.MAX_LABEL_BYTES,
    "a number": b'{"name": 1, "note": "", "tags": []}',
    "nothing": b'{"name": null, "note": "", "tags": []}',
    "tags of another type": b'{"name": "", "note": "", "tags": "ab"}',
    "tags as keys": b'{"name": "", "note": "", "tags": {"a": 1}}',
    "a tag of another type": b'{"name": "", "note": "", "tags": ["a", 2]}',
    "the same tag twice": b'{"name": "", "note": "", "tags": ["a", "a"]}',
    "without tags": b'{"name": "", "note": ""}',
    "a control character": b'{"name": "a\\u001b[2J", "note": "", "tags": []}',
    "half a letter": b'{"name": "\\ud800", "note": "", "tags": []}',
    "right to left": b'{"name": "", "note": "\\u202e", "tags": []}',
    "too long": json.dumps({"name": "x" * 81, "note": "", "tags": []}).encode(),
    "a huge number": b'{"name": "", "note": "", "tags": [1e999]}',
    "many digits": b'{"name": ' + b"9" * 9000 + b', "note": "", "tags": []}',
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_label_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    assert read_label(tmp_path) == NO_LABEL


@given(content=st.binary(max_size=200))
def test_no_content_of_a_label_raises(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("run")
    (folder / FILE_NAME).write_bytes(content)
    assert read_label(folder) == NO_LABEL


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "device"])
def test_a_label_that_is_no_file_is_not_read_and_is_replaced_without_touching_what_it_leads_to(
    run_home: Path, tmp_path: Path, kind: str
) -> None:
    folder, file = made_run(run_home, "target"), run_home / "target" / FILE_NAME
    victim = tmp_path / "victim.json"
    victim.write_text('{"name": "mine", "note": "", "tags": []}')
    match kind:
        case "link":
            file.symlink_to(victim)
        case "pipe":
            os.mkfifo(file)
        case "folder":
            file.mkdir()
        case "device":
            file.symlink_to("/dev/zero")
    assert read_label(folder) == NO_LABEL
    assert RunFollower(folder).look().label == NO_LABEL
    if kind == "folder":
        with pytest.raises(RunError, match="the label of run target cannot be written: Is a directory"):
            relabel(folder, LabelChange(name="new"))
    else:
        relabel(folder, LabelChange(name="new"))
        assert read_label(folder).name == "new"
        assert not file.is_symlink()
    assert victim.read_text() == '{"name": "mine", "note": "", "tags": []}'
    assert not list(folder.glob(".label-*"))
    delete(folder)
    assert victim.exists()
    assert not folder.exists()


def test_a_label_changes_while_a_run_is_followed(run_home: Path) -> None:
    folder = made_run(run_home, "target", state="running", fits=3)
    follower = RunFollower(folder)
    assert follower.look().label == NO_LABEL
    relabel(folder, LabelChange(name="first", note="a note", tags=("a", "b")))
    assert follower.look().label == RunLabel(name="first", note="a note", tags=("a", "b"))
    relabel(folder, LabelChange(name="other", removed=("a",)))
    assert follower.look().label == RunLabel(name="other", note="a note", tags=("b",))
    with pytest.raises(SettingsError, match="the run has no tag 'zzz'; it has b"):
        relabel(folder, LabelChange(removed=("zzz",)))
    relabel(folder, LabelChange(name="", note="", removed=("b",)))
    assert follower.look().label == NO_LABEL


def test_changes_at_the_same_time_are_all_kept(run_home: Path) -> None:
    folder = made_run(run_home, "target")
    threads = [threading.Thread(target=relabel, args=(folder, LabelChange(tags=(f"t{one}",)))) for one in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read_label(folder).tags) == [f"t{one}" for one in range(8)]


def test_a_run_that_cannot_be_read_can_be_labelled(run_home: Path) -> None:
    folder = made_corrupt(run_home, "damage")
    relabel(folder, LabelChange(note="the disk was full"))
    assert read_label(folder).note == "the disk was full"


def test_a_run_is_found_by_its_name_and_an_id_goes_first(run_home: Path) -> None:
    first, second = made_run(run_home, "bagote"), made_run(run_home, "zibiro", age=1)
    relabel(first, LabelChange(name="my baseline"))
    assert find_run("my baseline", run_home) == first
    with pytest.raises(RunError, match="there is no run 'my base'"):
        find_run("my base", run_home)
    with pytest.raises(RunTakenError, match="there is a run 'my baseline' already, which is bagote; choose another"):
        relabel(second, LabelChange(name="my baseline"))
    with pytest.raises(RunTakenError, match="there is a run 'bagote' already; choose another name"):
        relabel(second, LabelChange(name="bagote"))
    write_label(second, RunLabel(name="bagote"))  # as an import can bring it
    assert find_run("bagote", run_home) == first
    write_label(second, RunLabel(name="bago"))
    with pytest.raises(RunError, match="run 'bago' is ambiguous, it could be bagote, zibiro"):
        find_run("bago", run_home)
    write_label(second, RunLabel(name="my baseline"))
    with pytest.raises(RunError, match="run 'my baseline' is ambiguous"):
        find_run("my baseline", run_home)


def test_an_archive_takes_the_label_along(run_home: Path, tmp_path: Path) -> None:
    folder = made_run(run_home, "target")
    write_label(folder, FULL)
    export_archive(folder, tmp_path / "run.zip")
    delete(folder)
    taken = import_archive(tmp_path / "run.zip", run_home).folder
    assert RunFollower(taken).look().label == FULL


def test_a_link_in_place_of_a_label_is_not_exported(run_home: Path, tmp_path: Path) -> None:
    folder = made_run(run_home, "target")
    (tmp_path / "secret").write_text("a secret")
    (folder / FILE_NAME).symlink_to(tmp_path / "secret")
    export_archive(folder, tmp_path / "run.zip")
    assert b"a secret" not in (tmp_path / "run.zip").read_bytes()
    assert import_archive(tmp_path / "run.zip", run_home).folder.name != "target"


def test_a_watched_search_of_an_earlier_version_keeps_its_name_when_it_is_tagged(run_home: Path) -> None:
    folder = made_watched(run_home, "zibiro")
    assert RunFollower(folder).look().label.name == "my search"
    relabel(folder, LabelChange(tags=("old",)))
    assert RunFollower(folder).look().label == RunLabel(name="my search", tags=("old",))
    relabel(folder, LabelChange(name=""))
    assert not RunFollower(folder).look().label.name
