"""Tables of the web are downloaded once, and read without a network afterwards."""

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.load import load_table
from nnsize_engine.errors import DataError, SettingsError
from nnsize_engine.preflight.column_names import guess_columns
from nnsize_engine.runs.table_check import check_unchanged
from nnsize_engine.settings.table_address import local_path
from nnsize_engine.settings.table_choice import TableChoice, find_source

CONTENT = "a,b,y\n" + "".join(f"{place}.5,{place % 3},{'pq'[place % 2]}\n" for place in range(40))


class Handler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    """Serve the folder ``files``; copies go into the folder ``home``."""
    monkeypatch.setenv("NNSIZE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("no_proxy", "*")
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a table.csv").write_text(CONTENT)
    (tmp_path / "files" / "page.csv").write_text("\n<!DOCTYPE html>\n<html></html>")
    handler = functools.partial(Handler, directory=str(tmp_path / "files"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def address(server: ThreadingHTTPServer, name: str) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}/{name}"


def test_a_table_is_downloaded_once_and_read_without_a_network_afterwards(server: ThreadingHTTPServer) -> None:
    source = find_source(address(server, "a%20table.csv?raw=1"))
    assert source is not None
    choice = TableChoice(source=source)
    assert guess_columns(choice) == ()
    summary = inspect_table(choice)
    copy = local_path(source)
    assert copy.read_text() == CONTENT
    assert copy.stat().st_mode & 0o777 == 0o600
    assert summary.table.choice.name == "a table.csv"
    assert f"source: downloaded and kept as {copy}, which runs read" in summary.notes
    server.shutdown()
    again = inspect_table(choice)
    assert again.table == summary.table
    assert any("delete" in note and str(copy) in note for note in again.notes)
    assert guess_columns(choice) == ("a", "b", "y")
    assert len(load_table(summary.table).y) == 40
    check_unchanged(summary.table)
    copy.write_text(CONTENT + "1,2,p\n")
    with pytest.raises(DataError, match="has changed since this run began"):
        check_unchanged(summary.table)
    assert not [path for path in copy.parent.iterdir() if path != copy]


def test_what_cannot_be_downloaded_is_refused_in_one_sentence(server: ThreadingHTTPServer) -> None:
    def refusal(source: str) -> str:
        with pytest.raises(DataError) as caught:
            inspect_table(TableChoice(source=source))
        assert not local_path(source).exists()
        return str(caught.value)

    assert "the server answers 404 File not found; check the address" in refusal(address(server, "none.csv"))
    assert "is a web page, not a table" in refusal(address(server, "page.csv"))
    words = refusal("http://127.0.0.1:9/t.csv")
    assert words.startswith("http://127.0.0.1:9/t.csv cannot be reached (")
    assert words.endswith("; try again with a network, or download the file and name it")


def test_an_address_that_cannot_be_read_is_named_as_one() -> None:
    with pytest.raises(SettingsError, match="is an address of s3, but only http and https can be read"):
        find_source("s3://bucket/table.csv")
    with pytest.raises(SettingsError, match="is an address without a host"):
        find_source("https:///table.csv")
