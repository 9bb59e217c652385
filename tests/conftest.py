from collections.abc import Iterator
from pathlib import Path

import pytest
from anki.collection import Collection


@pytest.fixture
def col(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """A learner's collection, empty."""
    collection = Collection(str(tmp_path_factory.mktemp("learner") / "collection.anki2"))
    yield collection
    collection.close()


@pytest.fixture(scope="session")
def repository() -> Path:
    """The project's own folder."""
    return Path(__file__).parents[1]
