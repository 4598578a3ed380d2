"""The number of workers that a number of jobs means, in joblib's convention."""


def job_count(jobs: int | None, processors: int) -> int:
    """Return the number of workers: None and -1 mean all processors, -2 all but one, -3 all but two."""
    if jobs is None:
        return processors
    return jobs if jobs > 0 else max(1, processors + 1 + jobs)
