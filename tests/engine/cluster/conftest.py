"""One scheduler with two workers, shared by the tests that kill neither."""

from collections.abc import Iterator

import pytest

from nnsize_engine.search.search import SizeSearch
from support.clusters import Machines, machines, search_of


@pytest.fixture(scope="session")
def two_workers() -> Iterator[Machines]:
    """A scheduler with two workers."""
    with machines(2) as found:
        yield found


@pytest.fixture
def short_search() -> SizeSearch:
    """A search of nine short fits."""
    return search_of()
