"""Scaling of the numbers that a regression predicts."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Literal, get_args

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.datasets import DatasetFacts

TargetScale = Literal["none", "standard", "log"]
"""``none``: the numbers as they are. ``standard``: less their mean, divided by their deviation. ``log``: the same after
``log1p``. Means and deviations are those of the training rows."""

TARGET_SCALES: tuple[TargetScale, ...] = get_args(TargetScale)


SCALE_WORDS: Mapping[TargetScale, str] = MappingProxyType(
    {
        "none": "",
        "standard": "target standardised on the training rows",
        "log": "log1p of the target, standardised on the training rows",
    }
)
"""A scaling in words; empty where nothing is scaled."""


def check_target_scale(given: TargetScale | None, known: DatasetFacts, losses: Collection[object] = ()) -> None:
    """Refuse a scaling that the target or a loss of the networks does not allow.

    Raises:
        SettingsError: it is unknown, the target has classes, or a loss is poisson.
    """
    if given is None or given == "none":
        return
    if given not in TARGET_SCALES:
        raise SettingsError(f"target-scale is {given!r}; it must be none, standard or log", field="target_scale")
    if known.task != "regression":
        raise SettingsError(
            f"target-scale is for regression, and {known.name} has classes; leave it out", field="target_scale"
        )
    if "poisson" in losses:
        raise SettingsError(
            f"target-scale {given} and loss poisson exclude each other, because poisson needs numbers that are not "
            "negative; use target-scale none",
            field="target_scale",
        )


def effective_target_scale(
    given: TargetScale | None, known: DatasetFacts, losses: Collection[object] = ()
) -> TargetScale:
    """Return the scaling that is used: by default ``standard`` for regression, unless a loss is poisson."""
    if known.task != "regression" or "poisson" in losses:
        return "none"
    return "standard" if given is None else given
