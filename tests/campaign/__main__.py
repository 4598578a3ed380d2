"""``python -m campaign``: run trials for some minutes, print a table, and repeat any of them by its seed."""

import fcntl
import os
import sys
import time
from pathlib import Path

import click

from campaign.kinds import ALL, KINDS
from campaign.outcome import Kind
from campaign.scratch import end_runners
from campaign.tally import Tally, read_tally, table_lines
from campaign.whole_runs import FOLDER_VARIABLE
from campaign.workers import Task, Worker, wait_for_any
from nnsize_engine.text import escape_lines
from support.warm_runners import warm_runners

FULL_MINUTES = 30  # in which every kind reaches its goal, on two processors that do nothing else

SAVE_SECONDS = 10.0  # between two times that the tally is kept

TELL_SECONDS = 60.0  # between two lines about how far it is

Trials = tuple[tuple[str, int], ...]


@click.command()
@click.option("--minutes", type=float, default=FULL_MINUTES, show_default=True, help="How long to try.")
@click.option("--only", type=click.Choice(list(KINDS)), multiple=True, help="Kinds to try, instead of all.")
@click.option("--seed", type=int, help="Repeat the trial of this seed, of the one kind of --only.")
@click.option(
    "--trials", type=(click.Choice(list(KINDS)), int), multiple=True, help="Trials of a kind, without a limit of time."
)
@click.option(
    "--folder", type=click.Path(path_type=Path), default=Path(".campaign"), help="Where it keeps what it has."
)
@click.option("--jobs", type=int, default=3, show_default=True, help="Trials at a time; some of them wait.")
@click.option("--again", is_flag=True, help="Begin a new campaign, with the first seeds.")
def main(
    minutes: float, only: tuple[str, ...], seed: int | None, trials: Trials, folder: Path, jobs: int, again: bool
) -> None:
    """Try kills, corruptions, hostile folders, inputs, races and terminals against nnsize.

    A campaign that was interrupted goes on where it was; after one that has ended, the next one takes the next seeds.
    """
    folder = folder.resolve() if seed is None else folder.resolve() / "repeat"  # a campaign may be at work beside it
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise click.UsageError(f"a campaign is at work in {folder}; wait for it, or name another --folder") from None
    os.environ[FOLDER_VARIABLE] = str(folder)
    kept = None if again or seed is not None or trials else read_tally(folder / "state.json")
    tally = _next(kept)
    if seed is not None:
        if len(only) != 1:
            raise click.UsageError("--seed repeats one trial: name its kind with --only")
        trials, tally = ((only[0], 1),), Tally(first_seed=seed)
    plan = Plan(
        tally=tally, kinds=[KINDS[name] for name in only] or list(ALL), seconds=minutes * 60, trials=dict(trials)
    )
    is_over = False
    with warm_runners() as runners:
        workers = [Worker(folder=folder / f"worker-{number}", runners=runners.address) for number in range(jobs)]
        try:
            _run(plan, workers, None if trials else folder / "state.json")
            is_over = True
        except KeyboardInterrupt:
            click.echo("interrupted; the same command goes on", err=True)
        finally:
            for worker in workers:
                worker.end()
            end_runners(folder)
    tally.has_ended = is_over
    if not trials:
        tally.write(folder / "state.json")
    for line in table_lines(tally, 0 if trials else minutes / FULL_MINUTES):
        click.echo(escape_lines(line))
    sys.exit(1 if tally.failures else 0 if is_over else 130)


def _next(kept: Tally | None) -> Tally:
    """Return the campaign to go on with, or a new one after it."""
    if kept is None:
        return Tally()
    if not kept.has_ended:
        return kept
    return Tally(first_seed=max(count.next_seed for count in kept.counts.values()))


class Plan:
    """Choice of the next trial: of the kind that is farthest from its goal, or of the first one of those asked for."""

    def __init__(self, *, tally: Tally, kinds: list[Kind], seconds: float, trials: dict[str, int]) -> None:
        self.tally = tally
        self._kinds = [KINDS[name] for name in trials] if trials else kinds
        self._seconds = seconds
        self._trials = trials
        self._begun: dict[str, int] = {}

    def next_task(self) -> Task | None:
        """Return the next trial; None if all is tried, or the time is up."""
        if self._trials:
            open_kinds = [kind for kind in self._kinds if self._begun.get(kind.name, 0) < self._trials[kind.name]]
        else:
            open_kinds = [kind for kind in self._kinds if not self.tally.counts[kind.name].not_tried]
            if self.tally.seconds >= self._seconds:
                return None
        if not open_kinds:
            return None
        kind = open_kinds[0] if self._trials else min(open_kinds, key=self._share)
        self._begun[kind.name] = self._begun.get(kind.name, 0) + 1
        return Task(kind=kind.name, seed=self.tally.next_seed(kind))

    def _share(self, kind: Kind) -> float:
        """Return how much of a kind's goal is tried; a trial that has begun counts as one."""
        count = self.tally.counts[kind.name]
        under_way = count.next_seed - self.tally.first_seed - count.trials
        return (count.tried + under_way) / kind.goal


def _run(plan: Plan, workers: list[Worker], state: Path | None) -> None:
    """Keep the workers at work until the plan has nothing more."""
    tally, before = plan.tally, time.monotonic()
    begun: dict[int, float] = {}
    saved = told = before
    while True:
        for number, worker in enumerate(workers):
            if worker.task is None and (task := plan.next_task()) is not None:
                worker.begin(task)
                begun[number] = time.monotonic()
        if all(worker.task is None for worker in workers):
            return
        wait_for_any(workers)
        now = time.monotonic()
        tally.seconds, before = tally.seconds + now - before, now
        for number, worker in enumerate(workers):
            if worker.task is not None and (outcome := worker.outcome()) is not None:
                tally.add(worker.task.kind, worker.task.seed, outcome, now - begun[number])
                for text in outcome.failures[:1]:
                    click.echo(escape_lines(f"FAILED {worker.task.kind} {worker.task.seed}: {text[:600]}"), err=True)
                worker.task = None
        if state is not None and now - saved > SAVE_SECONDS:
            tally.write(state)
            saved = now
        if now - told > TELL_SECONDS:
            told = now
            done = ", ".join(f"{count.tried:,} {name}" for name, count in tally.counts.items() if count.tried)
            click.echo(f"after {tally.seconds:.0f} s: {done}; {len(tally.failures)} failures", err=True)


if __name__ == "__main__":
    main()
