from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.running import Site, database


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An installation with a database of its own, on the database under test."""
    with database(tmp_path) as url:
        yield Site(tmp_path, url)
