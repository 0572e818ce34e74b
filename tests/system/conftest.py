import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.running import Site, database

PEOPLE = 3


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation with a hospital and a few people, built once and copied for each test."""
    folder = tmp_path_factory.mktemp("seeded")
    with database(folder) as url:
        site = Site(folder, url)
        site.seed(PEOPLE)
        yield site


@pytest.fixture
def site(seeded: Site, tmp_path: Path) -> Iterator[Site]:
    """A fresh copy of the seeded installation, on the database under test."""
    folder = tmp_path / "home"
    shutil.copytree(seeded.folder, folder)
    with database(folder, template=seeded.url) as url:
        site = Site(folder, url, script=seeded.script)
        with site.connections:
            yield site
