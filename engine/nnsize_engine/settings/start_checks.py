"""Checks of settings against this machine before a run starts or resumes: memory and files."""

import importlib.util
from collections.abc import Callable, Mapping
from typing import Any

from nnsize_engine.errors import SettingsError
from nnsize_engine.processes.install_hint import install_hint
from nnsize_engine.settings.cluster import ClusterSettings
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.init_file import check_init
from nnsize_engine.settings.population_memory import check_memory
from nnsize_engine.settings.run import Kind, RunSettings, by_started_kind
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.series import first_repeats


def check_start(settings: RunSettings) -> None:
    """Accept settings that a run can be started with on this machine now.

    Raises:
        SettingsError: the population does not fit into memory, its file does not fit the network, or Dask is missing.
    """
    check_dask(settings.cluster)
    _START[settings.kind](settings)


def check_resume(settings: RunSettings) -> None:
    """Accept settings that a run can be resumed with on this machine now.

    Raises:
        SettingsError: the population no longer fits into memory, or Dask is missing.
    """
    check_dask(settings.cluster)
    _RESUME[settings.kind](settings)


def check_dask(cluster: ClusterSettings | None) -> None:
    """Accept a cluster if Dask is installed, and no cluster.

    Raises:
        SettingsError: Dask is missing.
    """
    if cluster is not None and importlib.util.find_spec("distributed") is None:
        raise SettingsError(f"a cluster needs Dask, which is not installed; {install_hint('cluster')}", field="cluster")


def _accept(_: SizeSettings) -> None:
    """Accept any search; its memory is not checked."""


def _check_population(settings: EvolutionSettings) -> None:
    for one in first_repeats(settings):
        check_init(one)
        check_memory(one)


def _check_memory(settings: EvolutionSettings) -> None:
    for one in first_repeats(settings):
        check_memory(one)


_START: Mapping[Kind, Callable[[Any], None]] = by_started_kind(size=_accept, evolution=_check_population)
_RESUME: Mapping[Kind, Callable[[Any], None]] = by_started_kind(size=_accept, evolution=_check_memory)
