"""Presets of a new run: built-in runs, the user's last runs, and files with settings."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nnsize_engine.errors import NnsizeError, SettingsError
from nnsize_engine.processes.memory import amount_text
from nnsize_engine.runs.folders import list_runs, read_state
from nnsize_engine.settings.command_options import COMMANDS
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.population_memory import needed_bytes
from nnsize_engine.settings.run import Kind, RunSettings
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.toml import kind_in, merge, read_config, read_defaults
from nnsize_engine.text import escape_text
from nnsize_tui.screens.setup.default_draft import draft_from, draft_of
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.text.kinds import WORDS

MAX_RUNS = 30  # of the newest runs; the home screen has the older ones
MAX_FILES = 100  # of the working folder, so that the list opens at once in a folder with thousands of files
MAX_FILE_BYTES = 100_000  # a file with settings has a few hundred bytes; larger files hold something else


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A draft to begin with, by its name."""

    name: str
    note: str
    draft: Callable[[], Draft]
    """Raises SettingsError if a file is not readable as settings."""


def list_presets(home: Path, folder: Path) -> list[Preset]:
    """Return the built-in runs, the files with settings in ``folder``, and the last runs below ``home``."""
    article = EvolutionSettings()
    presets = [
        Preset(name="built-in search", note=settings_words(SizeSettings()), draft=Draft),
        Preset(
            name="built-in evolution",
            note=f"article 2: {article.layers}{_memory_words(article)}",
            draft=partial(draft_of, article),
        ),
        Preset(name="evolution, strategy auto", note="recommended", draft=partial(Draft, kind="evolution")),
    ]
    return [*presets, *_files(folder), *_runs(home)]


def _memory_words(settings: EvolutionSettings) -> str:
    """Return the memory that an evolution takes, after a comma; empty if it is not known."""
    needed = needed_bytes(settings)
    return "" if needed is None else f", {amount_text(needed)} of memory"


def _runs(home: Path) -> Iterator[Preset]:
    with contextlib.suppress(NnsizeError):
        for folder in list_runs(home)[:MAX_RUNS]:
            with contextlib.suppress(NnsizeError):  # a damaged run has no settings
                settings = read_state(folder)[0].settings
                yield Preset(name=folder.name, note=settings_words(settings), draft=partial(draft_of, settings))


def _files(folder: Path) -> Iterator[Preset]:
    with contextlib.suppress(OSError):
        for path in sorted(folder.glob("*.toml"))[:MAX_FILES]:
            with contextlib.suppress(SettingsError, OSError):
                kind = kind_in(path) if path.stat().st_size <= MAX_FILE_BYTES else None
                if kind is not None:
                    words = f"{WORDS[kind].name}, a file"
                    yield Preset(name=escape_text(path.name), note=words, draft=partial(_read, path, kind))


def _read(path: Path, kind: Kind) -> Draft:
    options, has_defaults = read_config(path, COMMANDS[kind])
    return draft_from(merge(read_defaults(COMMANDS[kind]) if has_defaults else {}, options), kind)


def settings_words(settings: RunSettings) -> str:
    """Return a run's settings in a few words."""
    return f"{settings.known.name}: {WORDS[settings.kind].summary(settings)}"
