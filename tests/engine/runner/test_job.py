"""How a run ends whose computing came to an error."""

import pytest

from nnsize_engine.errors import ClusterError, DataError, FitError
from nnsize_engine.processes.parallel import WorkersLostError
from nnsize_engine.results.records import State
from nnsize_engine.runner.job import RESUME_WITH_MEMORY, ending_of

KILLED = "worker processes were killed again and again, most likely because memory ran out"


@pytest.mark.parametrize(
    ("error", "has_results", "state", "reason"),
    [
        (DataError("the data has 3 rows"), False, "refused", "the data has 3 rows"),
        (DataError("the file changed"), True, "failed", "the file changed"),
        (ClusterError("nothing answers"), False, "refused", "nothing answers"),
        (ClusterError("nothing answers"), True, "failed", "nothing answers"),
        (FitError("no fit"), False, "failed", "no fit"),
        (MemoryError(), False, "failed", f"memory ran out {RESUME_WITH_MEMORY}, or start one with fewer rows"),
        (
            WorkersLostError("killed"),
            True,
            "failed",
            f"{KILLED}, {RESUME_WITH_MEMORY}, or start one with fewer jobs or fewer rows",
        ),
        (
            ImportError("a.so: failed to map segment from shared object"),
            True,
            "failed",
            f"memory ran out {RESUME_WITH_MEMORY}, or start one with fewer rows",
        ),
        (RuntimeError("what nobody thought of"), True, "failed", "RuntimeError: what nobody thought of"),
        (ZeroDivisionError(), True, "failed", "ZeroDivisionError"),
    ],
)
def test_the_reason_is_a_sentence(error: Exception, has_results: bool, state: State, reason: str) -> None:
    assert ending_of(error, has_results=has_results, needs_less="fewer rows") == (state, reason)
