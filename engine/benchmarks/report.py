"""Output of the benchmarks: printed lines, facts of the machine, and saved reports."""

import json
import os
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def say(text: str = "") -> None:
    """Print a line without delay."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def machine() -> dict[str, Any]:
    """Return facts of the machine and of its libraries."""
    facts = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in facts if line.startswith("model name")), "unknown")
    packages = ("numpy", "numba", "scikit-learn", "joblib")
    return {
        "processor": model,
        "cores": len(os.sched_getaffinity(0)),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_before": os.getloadavg(),
        "versions": {name: version(name) for name in packages},
    }


def save_report(name: str, report: dict[str, Any]) -> None:
    """Save a report as JSON in :data:`RESULTS`, under its name and the present time."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}-{time.strftime('%Y-%m-%d-%H%M')}.json"
    path.write_text(json.dumps(report, indent=1) + "\n")
    say(f"\nSaved as {path}")
