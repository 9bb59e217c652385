from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection
from xdist.scheduler import LoadScopeScheduling

from cheatdeck import pipeline
from cheatdeck.model import Notebook
from cheatdeck.paths import Paths
from cheatdeck.pipeline import Built
from collection import import_package


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept-cards", action="store_true", help="write the notebook's cards into the contract")


# What these look at is built once, and read once.
LOOKING_AT_THE_NOTEBOOK = {"test_contract.py", "test_notebook.py", "test_preview.py", "test_print.py"}


class _FileByFile(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """Gives the tests of a file to one process, and all tests of the notebook in source/ to one."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0].rpartition("/")[2]
        return "the notebook" if file in LOOKING_AT_THE_NOTEBOOK else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _FileByFile:  # noqa: ANN401 - xdist's own
    return _FileByFile(config, log)


@pytest.fixture
def col(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """A learner's collection, empty."""
    yield from _empty(tmp_path_factory)


@pytest.fixture
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """Another learner's collection, empty."""
    yield from _empty(tmp_path_factory)


def _empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    collection = Collection(str(tmp_path_factory.mktemp("learner") / "collection.anki2"))
    yield collection
    collection.close()


@dataclass(frozen=True)
class Release:
    """The notebook in source/, built whole, and imported by Anki."""

    built: Built
    out: Path
    col: Collection

    @property
    def notebook(self) -> Notebook:
        return self.built.checked.notebook

    @property
    def key(self) -> str:
        return self.notebook.settings.key

    def sheet(self, paper: str) -> bytes:
        return (self.out / f"{self.key}-cheatsheet-{paper}.pdf").read_bytes()

    def limits_sheet(self, paper: str) -> bytes:
        return (self.out / f"{self.key}-limits-{paper}.pdf").read_bytes()


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    out = tmp_path_factory.mktemp("built")
    built = pipeline.build(Paths.of(Path(__file__).parents[1] / "source", out), lambda _: None)
    collection = Collection(str(tmp_path_factory.mktemp("reader") / "collection.anki2"))
    release = Release(built, out, collection)
    import_package(collection, out / f"{release.key}.apkg")
    yield release
    collection.close()
