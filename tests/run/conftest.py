"""Real processes, one server for all."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from provenote.run.pool import Pool
from tests.run.project import Project


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    with closing(Pool(jobs=2)) as pool:
        yield pool


@pytest.fixture
def project(tmp_path: Path, pool: Pool) -> Project:
    return Project(tmp_path / "project", pool)
