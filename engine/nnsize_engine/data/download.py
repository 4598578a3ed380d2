"""Tables of the web, downloaded once and kept, so that a run can be resumed without a network."""

import os
import secrets
import time
from http.client import HTTPException
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from nnsize_engine import __version__
from nnsize_engine.errors import DataError
from nnsize_engine.processes.private_files import make_private, new_private_file
from nnsize_engine.settings.table_address import local_path
from nnsize_engine.text import escape_text

MAX_SILENT_SECONDS = 30.0  # wait for an answer before a server counts as unreachable

MAX_BYTES = 1 << 33  # 8 GiB; a larger file is better downloaded with a tool that can go on after an interruption

_PART_BYTES = 1 << 20

_PAGES = (b"<!doctype html", b"<html")


def download(address: str) -> tuple[Path, str]:
    """Return the copy of a file of the web, downloaded first if there is none, and a sentence about it.

    Raises:
        DataError: there is no such file, no network, or the address names a web page.
    """
    path = local_path(address)
    shown = escape_text(address)
    if not path.exists():
        _fetch(address, path, shown)
        return path, f"source: downloaded and kept as {path}, which runs read"
    moment = time.strftime("%Y-%m-%d %H:%M", time.localtime(path.stat().st_mtime))
    return path, f"source: the copy that was downloaded on {moment}; delete {path} to download it again"


def _fetch(address: str, path: Path, shown: str) -> None:
    """Write a file of the web to a path, all of it or nothing."""
    make_private(path.parent)
    draft = path.with_name(f".{secrets.token_hex(8)}")
    try:
        request = Request(address, headers={"User-Agent": f"nnsize/{__version__}"})
        with (
            urlopen(request, timeout=MAX_SILENT_SECONDS) as answer,
            os.fdopen(new_private_file(draft), "wb") as file,
        ):
            _copy(answer, file, shown)
        draft.replace(path)
    except HTTPError as error:
        error.close()
        raise DataError(
            f"{shown} cannot be downloaded: the server answers {error.code} {escape_text(str(error.reason))}; "
            "check the address",
            field="data",
        ) from error
    except (URLError, HTTPException, TimeoutError, ConnectionError) as error:
        cause = getattr(error, "reason", None) or error
        reason = escape_text(str(getattr(cause, "strerror", None) or cause)) or type(error).__name__
        raise DataError(
            f"{shown} cannot be reached ({reason}); try again with a network, or download the file and name it",
            field="data",
        ) from error
    except ValueError as error:
        raise DataError(f"{shown} is no address of a file ({error}); correct it", field="data") from error
    finally:
        draft.unlink(missing_ok=True)


def _copy(answer: IO[bytes], file: IO[bytes], shown: str) -> None:
    size = 0
    while part := answer.read(_PART_BYTES):
        if size == 0 and part.lstrip()[:20].lower().startswith(_PAGES):
            raise DataError(
                f"{shown} is a web page, not a table; name the address of the file itself, which GitHub calls Raw",
                field="data",
            )
        size += len(part)
        if size > MAX_BYTES:
            raise DataError(f"{shown} has more than {MAX_BYTES >> 30} GiB; download it and name the file", field="data")
        file.write(part)
