"""Run commands in this process, and judge how they end."""

import json
import time
import traceback
from dataclasses import dataclass
from typing import Any

from campaign.outcome import is_printable
from support.commands import nnsize_here

MAX_SECONDS = 60.0  # of one command; two seconds would do on a machine that is not busy

MAX_SENTENCE_LINES = 60  # of a refusal: a table with all its faults, each with its advice


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended."""

    arguments: tuple[str, ...]
    code: int
    output: str = ""
    errors: str = ""
    faults: tuple[str, ...] = ()
    """What no command may do."""

    @property
    def json(self) -> Any:
        """The JSON value that it printed."""
        return json.loads(self.output)


def run_command(*arguments: str) -> Ended:
    """Run ``nnsize`` and look for what no command may do: a traceback, a crash, silence, control characters."""
    begun = time.monotonic()
    words = " ".join(arguments)[:300]
    try:
        done = nnsize_here(*arguments)
    except Exception:
        fault = f"nnsize {words!r} raised: {traceback.format_exc(limit=-3)}"
        return Ended(arguments=arguments, code=-1, faults=(fault,))
    seconds = time.monotonic() - begun
    faults = []
    if seconds > MAX_SECONDS:
        faults.append(f"nnsize {words!r} took {seconds:.0f} s")
    if done.returncode not in (0, 1, 2):
        faults.append(f"nnsize {words!r} ended with code {done.returncode}: {done.stderr[-500:]}")
    if "Traceback (most recent call last)" in done.stderr + done.stdout:
        faults.append(f"nnsize {words!r} printed a traceback: {done.stderr[-1000:]}")
    if done.returncode == 2:
        faults += _refusal_faults(words, done.stderr, done.stdout)
    if not is_printable(done.stderr):
        faults.append(f"nnsize {words!r} printed control characters: {done.stderr[-500:]!r}")
    return Ended(
        arguments=arguments, code=done.returncode, output=done.stdout, errors=done.stderr, faults=tuple(faults)
    )


def _refusal_faults(words: str, errors: str, output: str) -> list[str]:
    """Return what is wrong with a refusal: it is a sentence, and names no error of the program."""
    if not errors.strip() and not output.strip():
        return [f"nnsize {words!r} was refused without a word"]
    if errors.count("\n") > MAX_SENTENCE_LINES:
        return [f"nnsize {words!r} was refused with {errors.count(chr(10))} lines"]
    if "File too large" in errors or "internal error" in errors.lower():
        return [f"nnsize {words!r}: {errors[-500:]}"]
    return []
