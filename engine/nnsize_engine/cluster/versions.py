"""The versions that a worker and a scheduler need: those of this process, because scores depend on them."""

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

PACKAGES = ("nnsize", "numpy", "scikit-learn", "numba")
"""Distributions whose versions must be equal."""


def own_versions() -> dict[str, str | None]:
    """Return the versions of this process; None for what is not installed."""
    found: dict[str, str | None] = {"python": _minor(platform.python_version())}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    return found


def mismatch(answer: Mapping[str, Any]) -> str:
    """Return in words how an answer to Dask's ``versions`` differs from this process; empty if it does not."""
    theirs, ours = answer["packages"], own_versions()
    different = []
    for package, wanted in ours.items():
        found = theirs.get(package)
        found = _minor(str(found)) if package == "python" else found
        if found != wanted:
            different.append(f"{package} {found or 'missing'} instead of {wanted or 'none'}")
    return ", ".join(different)


def _minor(python: str) -> str:
    """Return the first two numbers of a version of Python; code travels between processes only if they are equal."""
    return ".".join(python.split(".")[:2])
