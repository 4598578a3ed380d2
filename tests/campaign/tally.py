"""What a campaign has tried so far, kept in a file so that it can go on."""

import contextlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from campaign.kinds import ALL
from campaign.outcome import Failure, Kind, Outcome

MAX_FAILURE_LENGTH = 3000  # signs of each that are kept


@dataclass(slots=True, kw_only=True)
class Count:
    """One kind of trial."""

    next_seed: int
    trials: int = 0
    tried: int = 0
    failed: int = 0
    not_tried: str = ""
    seconds: float = 0.0


@dataclass(slots=True, kw_only=True)
class Tally:
    """A campaign."""

    first_seed: int = 1
    seconds: float = 0.0
    has_ended: bool = False
    counts: dict[str, Count] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)

    def __post_init__(self) -> None:
        for kind in ALL:
            self.counts.setdefault(kind.name, Count(next_seed=self.first_seed))

    def next_seed(self, kind: Kind) -> int:
        """Return the seed of the next trial of a kind."""
        count = self.counts[kind.name]
        count.next_seed += 1
        return count.next_seed - 1

    def add(self, kind: str, seed: int, outcome: Outcome, seconds: float) -> None:
        """Count a trial."""
        count = self.counts[kind]
        count.trials += 1
        count.tried += outcome.tried
        count.failed += bool(outcome.failures)
        count.seconds += seconds
        count.not_tried = outcome.not_tried or count.not_tried
        self.failures += [
            Failure(kind=kind, seed=seed, text=text[:MAX_FAILURE_LENGTH]) for text in outcome.failures[:1]
        ]

    def write(self, path: Path) -> None:
        """Write it over an earlier one."""
        draft = path.with_name(f"{path.name}-{os.getpid()}")
        draft.write_text(json.dumps(asdict(self), indent=1))
        draft.replace(path)


def read_tally(path: Path) -> Tally | None:
    """Return what was kept; None if there is nothing that can be read."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        kept: dict[str, Any] = json.loads(path.read_text())
        counts = {name: Count(**one) for name, one in kept.pop("counts").items()}
        failures = [Failure(**one) for one in kept.pop("failures")]
        return Tally(**kept, counts=counts, failures=failures)
    return None


def table_lines(tally: Tally, share: float) -> list[str]:
    """Return the table of a campaign, and every failure with the command that repeats it."""
    lines = [
        f"{'kind':<12}{'tried':>8}{'survived':>10}{'failed':>8}{'goal':>8}{'seconds':>9}  {'goal reached':<13}repeat"
    ]
    for kind in ALL:
        count = tally.counts[kind.name]
        goal = round(kind.goal * share)
        seeds = ", ".join(str(failure.seed) for failure in tally.failures if failure.kind == kind.name)
        lines.append(
            f"{kind.name:<12}{count.tried:>8,}{max(0, count.tried - count.failed):>10,}{count.failed:>8,}{goal:>8,}"
            f"{count.seconds:>9,.0f}  {_reached(count, goal):<9}{seeds}".rstrip()
        )
    lines.append(f"{tally.seconds:,.0f} s in all, {len(tally.failures)} failures")
    for failure in tally.failures:
        lines += ["", f"{failure.kind} {failure.seed}: make campaign ONLY={failure.kind} SEED={failure.seed}"]
        lines.append("  " + failure.text.replace("\n", "\n  "))
    return lines


def _reached(count: Count, goal: int) -> str:
    """Return whether a kind has reached its goal, in words."""
    if count.not_tried:
        return count.not_tried
    if goal == 0:
        return ""
    return "yes" if count.tried >= goal else "no"
