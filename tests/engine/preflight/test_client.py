import subprocess
import sys
import threading
from pathlib import Path

import pytest

from nnsize_engine.errors import DataError, NnsizeError
from nnsize_engine.preflight.client import CancelledError, Question, inspect_table
from nnsize_engine.settings.table_choice import TableChoice
from support.tmux import is_there
from support.waiting import wait_until


def test_a_question_taken_back_before_it_is_asked_starts_no_process() -> None:
    question = Question()
    question.cancel()
    with pytest.raises(CancelledError):
        inspect_table(TableChoice(source="/nowhere.csv"), question=question)


def test_a_question_taken_back_ends_its_process(monkeypatch: pytest.MonkeyPatch) -> None:
    question, begun = Question(), threading.Event()
    begin = Question.begin

    def begin_something_endless(self: Question, _: list[str]) -> object:
        process = begin(self, ["sleep", "600"])
        begun.set()
        return process

    monkeypatch.setattr(Question, "begin", begin_something_endless)
    ended: list[BaseException] = []

    def ask() -> None:
        try:
            inspect_table(TableChoice(source="/nowhere.csv"), question=question)
        except NnsizeError as error:
            ended.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    assert begun.wait(60)
    question.cancel()
    thread.join(60)
    assert [type(error) for error in ended] == [CancelledError]


def test_a_process_that_fails_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(NnsizeError, match="ended with code 1"):
        inspect_table(TableChoice(source="/nowhere.csv"))


def test_a_refusal_names_its_field_and_its_column_across_processes(tmp_path: Path) -> None:
    table = tmp_path / "a\x1b.csv"
    table.write_text("a,y\n1,no\n2,no\n3,no\n")
    with pytest.raises(DataError, match=r"^target 'y' has only one class, no; two at least are needed") as caught:
        inspect_table(TableChoice(source=str(table)))
    assert (caught.value.field, caught.value.column) == ("target", "y")
    with pytest.raises(DataError, match=r"^2 faults: \(1\) a\\x1b.csv has no column 'z' for --ignore") as caught:
        inspect_table(TableChoice(source=str(table), ignore=("z",)))
    assert (caught.value.field, caught.value.column) == ("ignore", "z")


def test_the_process_that_answers_ends_when_whoever_asked_is_killed() -> None:
    answering = [sys.executable, "-m", "nnsize_engine.preflight", "inspect table"]
    started = f"subprocess.Popen([*{answering!r}, str(os.getpid())])"
    asks = f"import os, subprocess, time; print({started}.pid, flush=True); time.sleep(600)"
    pipe = subprocess.PIPE  # the answer waits for the question, which does not come
    with subprocess.Popen([sys.executable, "-c", asks], stdin=pipe, stdout=pipe, text=True) as explorer:
        assert explorer.stdout is not None
        answer = int(explorer.stdout.readline())
        wait_until(lambda: has_threads(answer))
        assert is_there(answer)
        explorer.kill()
        wait_until(lambda: not is_there(answer))


def has_threads(process: int) -> bool:
    """Return whether a process has begun to watch its parent."""
    return len(list(Path(f"/proc/{process}/task").iterdir())) > 1
