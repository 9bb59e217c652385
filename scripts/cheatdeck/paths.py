"""Where things are: the one place that knows folders."""

from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one build: the notebook that is read, or its one file, what is written, and the templates."""

    notebook: Path
    out: Path
    templates: Path

    @classmethod
    def of(cls, notebook: Path, out: Path) -> "Paths":
        """Return the paths of a build with the templates that belong to this package."""
        installed = _PACKAGE / "templates"
        # In a checkout that is installed for development, templates/ stands beside scripts/.
        return cls(notebook, out, installed if installed.is_dir() else _PACKAGE.parents[1] / "templates")

    @property
    def folder(self) -> Path:
        """The folder that the notebook is in."""
        return self.notebook.parent if self.notebook.is_file() else self.notebook

    @property
    def cache(self) -> Path:
        """What may be thrown away at any time: drawn diagrams."""
        return self.out / ".cache"

    @property
    def code(self) -> Path:
        """The package's own modules."""
        return _PACKAGE
