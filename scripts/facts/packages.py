"""What checks look into: API models, resource schemas, and files of installed packages."""

from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from facts.checks import Json


class MissingError(LookupError):
    """What a check looks into is not there: a sentence for people, and a hint."""

    def __init__(self, message: str, hint: str) -> None:
        """Keep the hint."""
        super().__init__(message)
        self.hint = hint


class Packages(Protocol):
    """What is published for machines; each raises MissingError for what is not there."""

    def model(self, service: str) -> Json:
        """Return the newest model of a service's API, as botocore names services."""

    def schema(self, kind: str) -> Json:
        """Return the schema of a type of CloudFormation resource."""

    def text(self, file: str) -> str:
        """Return the text of a file, by its path from where packages are installed."""


def file_text(file: str) -> str:
    """Return the text of a file of an installed package: `awscli/s3transfer/utils.py`.

    Raises MissingError where there is no such package, no such file in it, or no text in the file.
    """
    package, _, rest = file.partition("/")
    spec = find_spec(package) if package.isidentifier() else None
    if spec is None or not spec.submodule_search_locations:
        hint = "name a file of a package that is installed for this, or add the package to the group facts"
        raise MissingError(f"there is no package {package}", hint)
    folder = Path(spec.submodule_search_locations[0]).resolve()
    path = (folder / rest).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise MissingError(f"{package} has no file {rest}", "look in the package for the file's new name")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise MissingError(f"{file} is no text", "name a text file, in UTF-8") from error
