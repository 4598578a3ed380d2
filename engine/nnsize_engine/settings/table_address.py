"""Tables that are named by an address of the web, and where the copies of their files are kept.

Screens use this module, so it opens no file.
"""

import hashlib
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.home import copies_folder

_SCHEME = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]+)://")
_MAX_NAME_CHARACTERS = 100  # of a name in the folder of copies; file systems allow about 255 bytes


def is_address(source: str) -> bool:
    """Return whether a source is an address of the web, which is downloaded."""
    return source.lower().startswith(("http://", "https://"))


def check_address(source: str) -> None:
    """Refuse an address that nnsize cannot download.

    Raises:
        SettingsError: it has no host, or a scheme other than http and https.
    """
    found = _SCHEME.match(source)
    if found is None:
        return
    if not is_address(source):
        raise SettingsError(
            f"{source} is an address of {found['scheme']}, but only http and https can be read; "
            "download the file and name it",
            field="data",
        )
    try:
        has_host = bool(urlsplit(source).hostname)
    except ValueError:
        has_host = False
    if not has_host:
        raise SettingsError(f"{source} is an address without a host; correct it", field="data")


def name_of_address(address: str) -> str:
    """Return the name of the file that an address names, or the host if it names none."""
    parts = urlsplit(address)
    return unquote(parts.path.rstrip("/").rsplit("/", 1)[-1]) or parts.netloc


def local_path(source: str) -> Path:
    """Return the path of the file of a table: of an address, that of its copy, which may not be there yet."""
    if not is_address(source):
        return Path(source)
    name = re.sub(r"[^\w.-]", "_", name_of_address(source))[-_MAX_NAME_CHARACTERS:]
    return copies_folder() / f"{hashlib.sha256(source.encode()).hexdigest()[:12]}-{name}"
