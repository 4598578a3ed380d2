"""Run every command of the README and the guides, in order, in an empty folder for each document."""

import contextlib
import json
import os
import pty
import re
import select
import shlex
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from nnsize_tui.app.config_file import read_explorer_config
from support import fork_request
from support.warm_processes import COMMAND, PROGRAM, run_warm
from support.warm_runners import WarmRunners

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    str(path.relative_to(ROOT))
    for pattern in ("README.md", "*/README.md", "*/docs/*.md")
    for path in ROOT.glob(pattern)
    if not path.relative_to(ROOT).parts[0].startswith(".")
)
BIN = Path(sys.executable).parent
PRINTED = {
    "README.md": (r"True\n",),
    "engine/docs/own-data.md": (
        "",
        "",
        r"0\.\d+ 0\.\d+\n",
    ),
    "engine/docs/evolution.md": (r"51\n",),
    "engine/docs/python.md": (
        r"75 0\.998\n",
        r"sklearn True\n",
        r"55 neurons are recommended.*\n\(75,\) 0\.9947 0\.9983\n",
        r"\['(yes|no)' '(yes|no)'\]\n",
        r"<Run 'irises': size, finished, 6 of 6> True\n[\s\S]*neurons are recommended[\s\S]*\n\[\d \d\]\n",
        r"20000 0\.9\d\n",
        r"watch it: nnsize-tui \w+\nTrue 0\.03\n",
        r"neurons 4\n",
    ),
    "engine/docs/exports.md": (r"\d+ 0\.\d+ 0\.\d+\n", r"\[0 0 0\] 0\.\d+\n", r"\[[-\d. ]+\]\n"),
}
"""The output of each Python program of a document."""

MAX_SECONDS = 900.0
"""Time limit of one command, in seconds: the longest takes half a minute on two idle cores."""

MAX_README_LINES = 170

MAPS = {"engine/README.md": ROOT / "engine/nnsize_engine", "tui/README.md": ROOT / "tui/nnsize_tui"}
"""The documents that name files to change, and the folder that their paths start from."""


def text_of(document: str) -> str:
    return (ROOT / document).read_text()


def blocks(document: str) -> list[tuple[str, str]]:
    """Return the language and the text of each block that is meant to run, in order."""
    return re.findall(r"^```(sh|python)\n(.*?)^```", text_of(document), re.MULTILINE | re.DOTALL)


def commands(block: str) -> list[str]:
    lines = [line.partition("#")[0].strip() for line in block.splitlines()]
    return [line for line in lines if line]


RUN = [document for document in DOCUMENTS if blocks(document)]


@pytest.fixture
def environment(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> dict[str, str]:
    home = tmp_path_factory.mktemp("home")
    config = home / "config.toml"
    document = request.node.callspec.params.get("document") if hasattr(request.node, "callspec") else None
    # References take as long as such small searches; the guide that describes them has them.
    has_references = document in (None, "README.md", "engine/docs/searches.md")
    config.write_text("" if has_references else "[size]\nreferences = false\n")
    return os.environ | {
        "NNSIZE_HOME": str(home),
        "NNSIZE_CONFIG": str(config),
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "TERM": "xterm-256color",
    }


@pytest.fixture
def forking(warm: WarmRunners, environment: dict[str, str], tmp_path: Path, document: str) -> WarmRunners | None:
    """Put a command ``nnsize`` in front that forks its processes; those of the README are new, as users have them."""
    if document == "README.md":
        return None
    command = tmp_path / COMMAND
    stand_in = shlex.join([sys.executable, "-I", "-S", fork_request.__file__, warm.address, COMMAND])
    command.write_text(f'#!/bin/sh\nexec {stand_in} "$@"\n')
    command.chmod(0o700)
    environment["PATH"] = f"{tmp_path}:{environment['PATH']}"
    return WarmRunners(warm.address, forks_all=True)


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("folder")


def run(command: str, environment: dict[str, str], folder: Path) -> str:
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=MAX_SECONDS,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout


def run_command(command: str, environment: dict[str, str], folder: Path) -> None:
    if command == "make test":
        return  # this very run
    if command == "nnsize size":
        return  # what make demo runs where there is no terminal
    if command.startswith("make"):
        shown = run(f"{command} -C '{ROOT}'", environment, folder)
        assert "55 neurons are recommended: roc_auc 0.9935" in shown
        assert "0.0012 below the best mean (75), test score 0.9978 (75: 0.9983)" in shown
    elif command.startswith("nnsize-tui"):
        assert "Quit" in explore(command, environment, folder)
    else:
        run(command, environment, folder)


def run_program(program: str, environment: dict[str, str], folder: Path, forking: WarmRunners | None) -> str:
    # A forked program would wait for minutes for the idle processes that scikit-learn has started.
    if forking is not None and "n_jobs" not in program:
        with contextlib.chdir(folder):
            done = run_warm(forking, [PROGRAM, program], environment=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout
    return subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=MAX_SECONDS,
    ).stdout


@pytest.mark.parametrize("document", RUN)
def test_every_command_and_program_works(
    document: str, environment: dict[str, str], folder: Path, forking: WarmRunners | None
) -> None:
    if "nnsize-tui" in text_of(document):
        # Whichever the order in the document, the explorer on the newest run needs one.
        run("nnsize size iris --neurons 2 --cv 2", environment, folder)
    outputs = []
    for language, block in blocks(document):
        if language == "python":
            outputs.append(run_program(block, environment, folder, forking))
        else:
            for command in commands(block):
                run_command(command, environment, folder)
    expected = PRINTED.get(document, ())
    assert len(outputs) == len(expected)
    for printed, pattern in zip(outputs, expected, strict=True):
        assert re.fullmatch(pattern, printed)
    if document == "engine/docs/own-data.md":
        same = json.loads(run("nnsize size flowers.csv --neurons 4,8 --cv 3 --json", environment, folder))
        scores = [float(score) for score in outputs[-1].split()]
        assert scores == pytest.approx([same["best"]["mean_test_score"], same["test_score"]], abs=1e-9, rel=0)


def explore(command: str, environment: dict[str, str], folder: Path) -> str:
    """Open the explorer on a terminal of its own, and leave it with ``q``."""
    leader, follower = pty.openpty()
    with subprocess.Popen(
        command.split(),
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env=environment,
        cwd=folder,
        start_new_session=True,
    ) as process:
        os.close(follower)
        output, deadline, asked = b"", time.monotonic() + MAX_SECONDS, False
        try:
            while True:
                assert time.monotonic() < deadline, f"{command}: not ended in time; it wrote {output[-3000:]!r}"
                if select.select([leader], [], [], 0.2)[0]:
                    try:
                        output += os.read(leader, 65536)
                    except OSError:  # closed on the other side
                        break
                elif b"Quit" in output and not asked:
                    asked = True
                    os.write(leader, b"q")
            assert process.wait(timeout=MAX_SECONDS) == 0
        finally:
            process.kill()  # which does nothing once it has ended
    os.close(leader)
    return output.decode(errors="replace")


def test_the_two_commands_a_newcomer_needs_are_the_first() -> None:
    every = [command for language, block in blocks("README.md") if language == "sh" for command in commands(block)]
    assert every[:2] == ["make demo", "make test"]


def test_the_readme_is_short() -> None:
    assert len(text_of("README.md").splitlines()) <= MAX_README_LINES


@pytest.mark.parametrize("document", DOCUMENTS)
def test_pictures_and_files_that_a_document_names_exist(document: str) -> None:
    for target in re.findall(r"\]\(([^):]+)\)", text_of(document)):
        path, _, anchor = target.partition("#")
        named = (ROOT / document).parent / path if path else ROOT / document
        assert named.exists(), target
        if anchor:
            titles = re.findall(r"^#+ (.*)", named.read_text(), re.MULTILINE)
            assert anchor in [re.sub(r"[^\w\- ]", "", title).lower().replace(" ", "-") for title in titles], target


def test_every_guide_is_named_by_a_readme() -> None:
    named = {
        ((ROOT / document).parent / target.partition("#")[0]).resolve()
        for document in ("README.md", *MAPS)
        for target in re.findall(r"\]\(([^):]+)\)", text_of(document))
    }
    for document in DOCUMENTS:
        assert document == "README.md" or (ROOT / document).resolve() in named, document


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_block_says_what_it_is(document: str) -> None:
    fences = re.findall(r"^```(.*)$", text_of(document), re.MULTILINE)
    assert len(fences) % 2 == 0
    assert set(fences[::2]) <= {"sh", "python", "toml", "text"}
    assert set(fences[1::2]) <= {""}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_explorer_takes_every_settings_file(document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for block in re.findall(r"^```toml\n(.*?)^```", text_of(document), re.MULTILINE | re.DOTALL):
        (tmp_path / "config.toml").write_text(block)
        monkeypatch.setenv("NNSIZE_CONFIG", str(tmp_path / "config.toml"))
        config, written = read_explorer_config(), tomllib.loads(block)["explorer"]
        assert (config.theme, config.refresh) == (written["theme"], written["refresh"])
        assert (config.bell, config.notify, config.mouse) == (written["bell"], written["notify"], written["mouse"])
        assert set(config.keys) == {f"run.{name}" for name in written["keys"]["run"]}


@pytest.mark.parametrize("document", ["engine/docs/decisions.md", "tui/docs/decisions.md"])
def test_a_decision_has_a_title_the_context_the_choice_and_its_cost(document: str) -> None:
    _, *records = re.split(r"^## ", text_of(document), flags=re.MULTILINE)
    assert len(records) >= 20
    for record in records:
        title, *lines = [line for line in record.splitlines() if line]
        sentences, table = lines[:3], lines[3:]
        assert [line.partition(":")[0] for line in sentences] == ["- Context", "- Choice", "- Cost"], title
        assert all(line.endswith(".") for line in sentences), title
        assert all(line.startswith("| ") or set(line) == {"|", "-"} for line in table), title


@pytest.mark.parametrize("document", MAPS)
def test_every_file_and_folder_on_a_map_exists(document: str) -> None:
    paths = re.findall(r"`([\w./]+(?:/|\.(?:py|sql|tcss)))`", text_of(document))
    assert len(paths) >= 20
    for path in paths:
        assert (MAPS[document] / path).exists() or (ROOT / path).exists(), path


@pytest.mark.parametrize("document", MAPS)
def test_the_folders_on_a_map_stand_in_the_order_of_the_contracts(document: str) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    expected = [
        (contract["containers"][0], name)
        for contract in contracts
        if contract["type"] == "layers" and contract["containers"][0].startswith(MAPS[document].name)
        for layer in contract["layers"]
        for name in layer.split(" : ")
        if name != "__main__"
    ]
    rows = re.findall(r"^\| (`.*?`) \|", text_of(document).partition("## Where to change what")[0], re.MULTILINE)
    named = [MAPS[document] / path for row in rows for path in re.findall(r"`(.*?)`", row)]
    modules = [path for path in named if path.suffix == ".py" or (path / "__init__.py").exists()]
    assert [(".".join(path.parent.relative_to(MAPS[document].parent).parts), path.stem) for path in modules] == expected
