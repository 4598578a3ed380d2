"""Commands, questions about data, references and programs in processes forked from one that has loaded the libraries.

:mod:`support.warm_runners` has that process. Whoever asks for a process waits for it, and it does not outlive them.
"""

import atexit
import contextlib
import io
import os
import select
import subprocess
import sys
import threading
import types
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any, NoReturn

from nnsize_engine.preflight import client
from nnsize_engine.processes import parent_watch, side_process
from nnsize_engine.runs import start_runner
from support.fork_request import request_fork
from support.warm_runners import RUNNER, WarmRunners

COMMAND = "nnsize"
PREFLIGHT = "nnsize_engine.preflight"
PROGRAM = "-c"
SIDE_PROCESS = "nnsize_engine.processes.side_process"


class WarmProcess:
    """A forked process with the interface of :class:`subprocess.Popen`, as far as it is used here."""

    def __init__(
        self,
        warm: WarmRunners,
        arguments: Sequence[str],
        stdio: Sequence[int],
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._lock = threading.Lock()
        self._connection = request_fork(
            warm.address, arguments, os.environ if environment is None else environment, stdio, forks_all=True
        )
        self._answers = self._connection.makefile("rb")
        self.pid = int(self._answers.readline())
        self.returncode: int | None = None
        self.stdin: IO[Any] | None = None
        self.stdout: IO[Any] | None = None
        self.stderr: IO[Any] | None = None

    def poll(self) -> int | None:
        """Return how the process ended, or None."""
        if self.returncode is None and select.select([self._connection], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end of the process."""
        with self._lock:
            if self.returncode is None:
                self._connection.settimeout(timeout)
                self.returncode = os.waitstatus_to_exitcode(int(self._answers.read()))
                self._answers.close()
                self._connection.close()
        return self.returncode

    def kill(self) -> None:
        """Kill the process unless it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, 9)

    def communicate(self, given: Any = None) -> tuple[Any, Any]:
        """Write the input, and return all output and all errors."""
        written: list[Any] = [None, None]

        def read(number: int, file: IO[Any]) -> None:
            with file:
                written[number] = file.read()

        outputs = [(number, file) for number, file in enumerate((self.stdout, self.stderr)) if file is not None]
        readers = [threading.Thread(target=read, args=output, daemon=True) for output in outputs]
        for reader in readers:
            reader.start()
        if self.stdin is not None:
            with contextlib.suppress(BrokenPipeError), self.stdin:
                self.stdin.write(given)
        for reader in readers:
            reader.join()
        self.wait()
        return written[0], written[1]


class WarmSubprocess(types.SimpleNamespace):
    """A stand-in for the module ``subprocess`` where one process asks another of the engine."""

    PIPE = subprocess.PIPE

    def __init__(self, warm: WarmRunners) -> None:
        super().__init__()
        self._warm = warm

    def Popen(  # noqa: N802  # its name there
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        stdin: int,
        stdout: int,
        stderr: int | None = None,
        encoding: str | None = None,
        errors: str | None = None,
    ) -> "WarmProcess | subprocess.Popen[Any]":
        """Fork ``python -m MODULE ...``; start any other command as always."""
        if command[:2] != [sys.executable, "-m"]:
            return subprocess.Popen(
                command, env=env, stdin=stdin, stdout=stdout, stderr=stderr, encoding=encoding, errors=errors
            )
        ours: list[IO[Any] | None] = []
        theirs: list[int] = []
        for number, wanted in enumerate((stdin, stdout, stderr)):
            if wanted is None:
                theirs.append(os.dup(number))
                ours.append(None)
                continue
            reading, writing = os.pipe()
            theirs.append(reading if number == 0 else writing)
            descriptor, mode = (writing, "w") if number == 0 else (reading, "r")
            file: IO[Any] = (
                open(descriptor, mode, encoding=encoding, errors=errors) if encoding else open(descriptor, f"{mode}b")  # noqa: PTH123, SIM115
            )
            ours.append(file)
        try:
            process = WarmProcess(self._warm, command[2:], theirs, env)
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        process.stdin, process.stdout, process.stderr = ours
        return process


_spawn = start_runner.spawn


def fork_all(warm: WarmRunners) -> None:
    """Let this process fork runners, and what looks at data and fits references, for the rest of its life."""
    replaced: tuple[Any, ...] = start_runner, client, side_process
    replaced[0].spawn = forking_spawn(warm)
    replaced[1].subprocess = replaced[2].subprocess = WarmSubprocess(warm)
    side_process.NICENESS = 0  # tests wait for references; behind other tests, they would take minutes


def forking_spawn(warm: WarmRunners) -> Callable[[Sequence[str], int], int]:
    """Return what forks runners, and starts other modules as always."""
    return lambda module, log: warm.spawn(module, log) if module[0] == RUNNER else _spawn(module, log)


def run_warm(
    warm: WarmRunners, arguments: Sequence[str], *, environment: Mapping[str, str] | None = None, given: bytes = b""
) -> "subprocess.CompletedProcess[str]":
    """Run a command, or a program after ``-c``, in a forked process with pipes; return its output and its errors."""
    pipe = subprocess.PIPE
    process = WarmSubprocess(warm).Popen(
        [sys.executable, "-m", *arguments], env=environment or os.environ, stdin=pipe, stdout=pipe, stderr=pipe
    )
    output, errors = process.communicate(given)
    assert process.returncode is not None
    return subprocess.CompletedProcess(arguments, process.returncode, output.decode(), errors.decode())


def run_program(warm: WarmRunners, code: str) -> "subprocess.CompletedProcess[str]":
    """Run a program that must succeed; it starts no further processes, which would take seconds."""
    done = run_warm(warm, [PROGRAM, code], environment=os.environ | {"LOKY_MAX_CPU_COUNT": "1"})
    done.check_returncode()
    return done


def go_on_as(arguments: Sequence[str]) -> NoReturn:
    """Do in this forked process what a new one would, and end it."""
    _open_streams()
    watch: Any = parent_watch
    watch.end_with = lambda _: None  # the process that has forked this one kills it
    sys.argv = list(arguments)
    try:
        code = _main(arguments[0])
    except SystemExit as ended:
        code = ended.code
        if isinstance(code, str):
            print(code, file=sys.stderr)  # noqa: T201
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


def _open_streams() -> None:
    """Open the standard streams as Python does at its start."""
    encoding, _, errors = os.environ.get("PYTHONIOENCODING", "utf-8").partition(":")
    streams: Any = sys  # Python's type hints have them as constants
    streams.stdin = streams.__stdin__ = io.TextIOWrapper(io.BufferedReader(io.FileIO(0)), encoding, errors or "strict")
    output, error = (io.BufferedWriter(io.FileIO(number, "w")) for number in (1, 2))
    streams.stdout = streams.__stdout__ = io.TextIOWrapper(
        output, encoding, errors or "strict", line_buffering=os.isatty(1)
    )
    streams.stderr = streams.__stderr__ = io.TextIOWrapper(error, encoding, "backslashreplace", line_buffering=True)


def _main(name: str) -> object:
    """Return the exit code."""
    if name == COMMAND:
        from nnsize_tui import entry_points

        entry_points.nnsize()
    elif name == PREFLIGHT:
        from nnsize_engine.preflight import __main__ as preflight

        return preflight.main(sys.argv)
    elif name == SIDE_PROCESS:
        side_process.main()
    elif name == PROGRAM:
        program = types.ModuleType("__main__")
        sys.modules["__main__"] = program
        sys.path.insert(0, "")
        code, sys.argv = sys.argv[1], [PROGRAM, *sys.argv[2:]]
        exec(compile(code, "<string>", "exec"), program.__dict__)
    else:
        raise ValueError(f"no process of that name is forked: {name}")
    return 0
