"""Every command of the README is run, in its order, in an empty folder."""

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text()
BIN = Path(sys.executable).parent
PRINTED = (r"0\.\d+ 0\.\d+\n", r"\d+ 0\.\d+ 0\.\d+\n", r"\[0 0 0\] 0\.\d+\n")
"""What each of its Python programs prints."""

LONGEST = 900.0
"""Seconds that one command may take: the longest needs half a minute of two idle cores."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    lines = [line.partition("#")[0].strip() for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if line]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = tmp_path_factory.mktemp("home")
    return os.environ | {"NNSIZE_HOME": str(home), "PATH": f"{BIN}:{os.environ['PATH']}", "TERM": "xterm-256color"}


@pytest.fixture(scope="module")
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
        timeout=LONGEST,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout


def test_every_command_works(environment: dict[str, str], folder: Path) -> None:
    # Whichever the order in the README, the explorer on the newest run needs one.
    run("nnsize size iris --neurons 2 --cv 2", environment, folder)
    for command in commands():
        if command == "make test":
            continue  # this very run
        if command == "nnsize size":
            continue  # what make demo runs where there is no terminal
        if command.startswith("make"):
            assert "On the held-out test rows: roc_auc 0.9983" in run(f"{command} -C '{ROOT}'", environment, folder)
        elif command.startswith("nnsize-tui"):
            assert "Quit" in explore(command, environment, folder)
        else:
            run(command, environment, folder)
    programs = blocks("python")
    assert len(programs) == len(PRINTED)
    outputs = []
    for program, expected in zip(programs, PRINTED, strict=True):
        printed = subprocess.run(
            [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True, timeout=LONGEST
        ).stdout
        assert re.fullmatch(expected, printed)
        outputs.append(printed)
    same = json.loads(run("nnsize size flowers.csv --neurons 4,8 --cv 3 --json", environment, folder))
    scores = [float(score) for score in outputs[0].split()]
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
        output, deadline, asked = b"", time.monotonic() + LONGEST, False
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
            assert process.wait(timeout=LONGEST) == 0
        finally:
            process.kill()  # which does nothing once it has ended
    os.close(leader)
    return output.decode(errors="replace")


def test_the_two_commands_a_newcomer_needs_are_the_first() -> None:
    assert commands()[:2] == ["make demo", "make test"]


def test_pictures_and_files_that_the_readme_names_exist() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", TEXT):
        assert (ROOT / target).exists(), target
