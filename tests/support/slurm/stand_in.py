"""A stand-in for SLURM: ``sbatch``, ``squeue`` and ``scancel`` that run job scripts as processes of this machine.

Called as ``stand_in.py FOLDER COMMAND ARGUMENTS``. ``FOLDER`` holds the jobs, and files that tests write: ``refuse``
(what sbatch says instead of taking a job), ``hold`` (why jobs wait), ``slots`` (how many run at a time), ``silent``
(squeue and scancel do not answer), ``slow`` (sbatch answers only once it is gone).
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

KILL_SECONDS = 3  # from SIGTERM to SIGKILL of a cancelled job; SLURM's KillWait is 30


class StandIn:
    """The jobs in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "jobs").mkdir(parents=True, exist_ok=True)

    def sbatch(self, arguments: list[str]) -> int:
        """Take a job."""
        refusal = self._text("refuse")
        if refusal:
            sys.stderr.write(f"sbatch: error: {refusal}" + "\n")
            return 1
        job_id = 1000 + len(list((self.folder / "jobs").iterdir()))
        job = self.folder / "jobs" / str(job_id)
        job.mkdir()
        (job / "script").write_text(Path(arguments[-1]).read_text())
        (job / "cwd").write_text(str(Path.cwd()))
        (job / "state").write_text("PENDING")
        self.promote()
        sys.stdout.write(f"Submitted batch job {job_id}" + "\n")
        return 0

    def squeue(self, arguments: list[str]) -> int:
        """Print the jobs that have not ended."""
        self.promote()
        wanted = next(word.partition("=")[2].split(",") for word in arguments if word.startswith("--jobs="))
        if len(wanted) == 1 and self.state(wanted[0]) == "ENDED":
            sys.stderr.write("slurm_load_jobs error: Invalid job id specified" + "\n")
            return 1
        for job_id in wanted:
            state = self.state(job_id)
            if state != "ENDED":
                sys.stdout.write(
                    f"{job_id}|{state}|{self._text('hold') or 'Resources' if state == 'PENDING' else 'None'}" + "\n"
                )
        return 0

    def scancel(self, arguments: list[str]) -> int:
        """End jobs."""
        code = 0
        for job_id in arguments:
            state = self.state(job_id)
            if state == "ENDED":
                sys.stderr.write(f"scancel: error: Kill job error on job id {job_id}: Invalid job id specified" + "\n")
                code = 1
            elif state == "RUNNING":
                self.end(job_id, signal.SIGTERM)
                kill = f"sleep {KILL_SECONDS}; kill -9 -- -{self._pid(job_id)}"
                null = subprocess.DEVNULL
                subprocess.Popen(["sh", "-c", kill], stdin=null, stdout=null, stderr=null, start_new_session=True)
            if state == "PENDING":
                (self.folder / "jobs" / job_id / "state").write_text("ENDED")
        return code

    def promote(self) -> None:
        """Start waiting jobs as far as there is room."""
        slots = int(self._text("slots") or 1000)
        for job_id in self.ids():
            if self._text("hold") or sum(self.state(other) == "RUNNING" for other in self.ids()) >= slots:
                return
            if self.state(job_id) == "PENDING":
                self._start(job_id)

    def ids(self) -> list[str]:
        """Return all jobs, the first submitted first."""
        return sorted(path.name for path in (self.folder / "jobs").iterdir())

    def state(self, job_id: str) -> str:
        """Return PENDING, RUNNING or ENDED."""
        path = self.folder / "jobs" / job_id / "state"
        if not path.exists() or path.read_text() == "ENDED":
            return "ENDED"
        return path.read_text() if path.read_text() == "PENDING" or _is_alive(self._pid(job_id)) else "ENDED"

    def end(self, job_id: str, number: int) -> None:
        """Send a signal to all processes of a job."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._pid(job_id), number)

    def _start(self, job_id: str) -> None:
        job = self.folder / "jobs" / job_id
        cwd = Path((job / "cwd").read_text())
        with (cwd / f"slurm-{job_id}.out").open("wb") as output:
            process = subprocess.Popen(
                ["bash", str(job / "script")],
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, "SLURM_JOB_ID": job_id},
                start_new_session=True,
            )
        (job / "pid").write_text(str(process.pid))
        (job / "state").write_text("RUNNING")

    def _pid(self, job_id: str) -> int:
        return int((self.folder / "jobs" / job_id / "pid").read_text())

    def _text(self, name: str) -> str:
        path = self.folder / name
        return path.read_text().strip() if path.exists() else ""

    def is_silent(self) -> bool:
        """Return whether the controller does not answer."""
        return (self.folder / "silent").exists()


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


def main() -> int:
    """Do what a command of SLURM would."""
    stand_in = StandIn(Path(sys.argv[1]))
    command, arguments = sys.argv[2], sys.argv[3:]
    if stand_in.is_silent() and command != "sbatch":
        sys.stderr.write(f"{command}: error: Unable to contact slurm controller" + "\n")
        return 1
    with (stand_in.folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        commands = {"sbatch": stand_in.sbatch, "squeue": stand_in.squeue, "scancel": stand_in.scancel}
        code = commands[command](arguments)
    while command == "sbatch" and (stand_in.folder / "slow").exists():
        time.sleep(0.1)
    return code


if __name__ == "__main__":
    sys.exit(main())
