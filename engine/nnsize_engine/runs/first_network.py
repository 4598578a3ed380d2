"""The network that an evolution begins with: that of a run, or an exported ``.npz`` file."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnsize_engine.errors import RunError, SettingsError, StoreError
from nnsize_engine.results.choice import final_candidate
from nnsize_engine.results.records import StoredNetwork
from nnsize_engine.results.search_choice import choose_from_fits
from nnsize_engine.runs.database import FILE_NAME, reading
from nnsize_engine.runs.folders import find_run, home
from nnsize_engine.runs.reader import read_header, read_network
from nnsize_engine.runs.search_reader import read_final_network, read_fits
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.first_population import INITS, NETWORK_ENDINGS, names_array, names_network
from nnsize_engine.settings.search import SizeSettings


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FirstNetwork:
    """A network as an evolution needs it."""

    units: tuple[int, ...]
    activation: str
    weights: bytes
    """float64, little-endian, in the order of :mod:`nnsize_engine.network.shape`."""


def absolute_init(text: str) -> str:
    """Return ``init`` as a run stores it: a file by its absolute path, a run by that of its folder.

    A text that names neither a file nor a run is returned as it is, for the settings to refuse.
    """
    if text in INITS:
        return text
    if names_array(text) or text.endswith(NETWORK_ENDINGS):
        return str(Path(os.path.expanduser(text)).absolute())  # noqa: PTH111  # it leaves an unknown ~user alone
    try:
        return str(find_run(text, home()))
    except RunError:
        return text


def check_first_network(settings: EvolutionSettings) -> None:
    """Accept a network that fits the settings, and any ``init`` that is no network.

    A ``.skops`` file is only looked for, because reading it takes scikit-learn; the runner reads it.

    Raises:
        SettingsError: it cannot be read, or has other layers or another activation.
    """
    if not names_network(settings.init):
        return
    if settings.init.endswith(".skops"):
        if not Path(settings.init).is_file():
            raise SettingsError(f"init {settings.init} cannot be read: there is no such file", field="init")
        return
    refusal = network_refusal(first_network(settings.init), settings)
    if refusal is not None:
        raise SettingsError(refusal, field="init")


def first_network(init: str) -> FirstNetwork:
    """Read the network of a run's folder, or an exported ``.npz`` file.

    Raises:
        SettingsError: there is none.
    """
    path = Path(init)
    if path.is_dir():
        return _of_run(path)
    return _of_npz(path)


def network_refusal(found: FirstNetwork, settings: EvolutionSettings) -> str | None:
    """Return the reason why a network cannot be the first member; None if it can."""
    name = Path(settings.init).name
    layers, wanted = ("-".join(map(str, units)) for units in (found.units, settings.units))
    if found.units[1:-1] != settings.units[1:-1]:
        hidden = ",".join(map(str, found.units[1:-1]))
        return f"init {name} is a network {layers}, and this one is {wanted}; evolve the same with --layers {hidden}"
    if found.units != settings.units:
        return (
            f"init {name} is a network {layers}, and this one is {wanted}: it was trained on data with other inputs or "
            "outputs; choose a network of the same data"
        )
    if found.activation != settings.activation:
        return (
            f"init {name} is a network with activation {found.activation}, and this one has {settings.activation}; "
            f"evolve the same with --activation {found.activation}"
        )
    return None


def _of_run(folder: Path) -> FirstNetwork:
    """Read the evolved network of an evolution, or the best one of a search."""
    if not (folder / FILE_NAME).exists():
        raise SettingsError(f"init {folder} is no run: {FILE_NAME} is missing", field="init")
    try:
        stored = _stored_network(folder)
    except StoreError as error:
        raise SettingsError(f"init {folder.name}: {error}", field="init") from error
    if stored is None:
        raise SettingsError(f"init {folder.name}: this run has no network yet; choose another one", field="init")
    return FirstNetwork(units=stored.units, activation=stored.activation, weights=stored.weights)


def _stored_network(folder: Path) -> StoredNetwork | None:
    with reading(folder) as connection:
        settings = read_header(connection).settings
        if not isinstance(settings, SizeSettings):
            return read_network(connection, "evolved")
        choice = choose_from_fits(settings, read_fits(connection)[0])
        if choice is None:
            return None
        return read_final_network(connection, final_candidate(choice, "best").number, "best")


def _of_npz(path: Path) -> FirstNetwork:
    """Read the arrays that ``nnsize export`` writes."""
    import numpy as np

    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            units = tuple(kept["units"].tolist())
            parts: list[Any] = []
            for number in range(len(units) - 1):
                coefs, intercepts = kept[f"coefs_{number}"], kept[f"intercepts_{number}"]
                if coefs.shape != units[number : number + 2] or intercepts.shape != units[number + 1 : number + 2]:
                    raise ValueError(f"coefs_{number} has shape {coefs.shape}, and units are {units}")
                parts += [coefs.ravel(), intercepts]
            weights = np.concatenate(parts).astype("<f8").tobytes()
            return FirstNetwork(units=units, activation=str(kept["activation"]), weights=weights)
    except Exception as error:  # a damaged archive fails in many ways
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        if "pickle" in reason:  # NumPy's advice for a file that it does not know, and dangerous
            reason = "it is no archive of arrays"
        raise SettingsError(
            f"init {path.name} cannot be read as a network that nnsize exported: {reason}", field="init"
        ) from error
