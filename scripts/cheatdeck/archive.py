"""What leaves the pipeline: deterministic zip files, checksums, whole files or none, and the manifest."""

import errno
import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

MANIFEST = "manifest.json"
CHECKSUMS = "SHA256SUMS"


def sha256(*parts: bytes | str) -> str:
    """Return the SHA-256 of parts, each with its length, so that no two lists of parts run together."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def checksum(data: bytes) -> str:
    """Return the SHA-256 of a file's bytes, as sha256sum prints it."""
    return hashlib.sha256(data).hexdigest()


def zipped(entries: Mapping[str, bytes | Path]) -> bytes:
    """Return a zip file that depends on its entries alone: sorted, deflated, without times or owners.

    Entries are bytes, or a file that has them.
    """
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in sorted(entries.items()):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            # The level of the archive is not that of an entry with a ZipInfo.
            info._compresslevel = _LEVEL  # type: ignore[attr-defined] # noqa: SLF001 - public from 3.13 on
            info.create_system = 3
            info.external_attr = 0o644 << 16
            with (
                archive.open(info, "w") as entry,
                data.open("rb") if isinstance(data, Path) else BytesIO(data) as file,
            ):
                shutil.copyfileobj(file, entry)
    return out.getvalue()


# Of zlib: 4 takes half as long as 6, for a package that is 3 % larger.
_LEVEL = 4


class WriteError(OSError):
    """Something that cannot be written; its text says what, why, and what to do about it."""


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raise WriteError, which names the path, for what the system refuses meanwhile."""
    try:
        yield
    except WriteError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise WriteError(f"cannot write {path}: {reason}; {_hint(error.errno)}") from error


def _hint(number: int | None) -> str:
    if number in {errno.ENOSPC, errno.EDQUOT}:
        return "make room for it, and go on as before"
    return "choose another folder, or make this one writable"


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: a reader sees the old one or the new one, which has its permissions.

    Raises WriteError where that can't be done. Who is killed meanwhile leaves a file for `clean`.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}{_UNFINISHED}")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with unfinished.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if path.exists():
                shutil.copymode(path, unfinished)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)


_UNFINISHED = ".unfinished"


def clean(folder: Path) -> None:
    """Remove what was left unfinished in a folder by those who were killed; the caller keeps others from writing."""
    for path in folder.glob(f".*.[0-9]*{_UNFINISHED}"):
        with writing(path):
            path.unlink(missing_ok=True)


@contextmanager
def locked(path: Path, waits: Callable[[], None] = lambda: None) -> Iterator[bool]:
    """Keep out all others who lock the same file, which is made for it; gives whether others had to be waited for.

    `waits` is called before the waiting. Whoever ends, even killed, lets go. Raises WriteError where the file cannot
    be made.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path)
        waited = False
        try:
            lock.acquire(blocking=False)
        except Timeout:
            waited = True
            waits()
            lock.acquire()
    try:
        yield waited
    finally:
        lock.release()


def write_if_changed(path: Path, data: bytes) -> None:
    """Write a file whole, unless it says the same already."""
    if not path.exists() or path.read_bytes() != data:
        write_whole(path, data)


def read_manifest(out: Path) -> dict[str, Any]:
    """Return the manifest of the last build in a folder; empty where there is none that can be read."""
    try:
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def is_current(out: Path, manifest: Mapping[str, Any], name: str, made_from: str) -> bool:
    """Tell whether a file is there, unspoilt, and made from the same things as it would be now."""
    entry = _listed(manifest).get(name)
    if not isinstance(entry, dict) or entry.get("made_from") != made_from:
        return False
    try:
        data = (out / name).read_bytes()
    except OSError:
        return False
    return bool(entry.get("sha256") == checksum(data) and entry.get("bytes") == len(data))


def _listed(manifest: Mapping[str, Any]) -> dict[str, Any]:
    files = manifest.get("files")
    return files if isinstance(files, dict) else {}


def left_over(out: Path, last: Mapping[str, Any], now: Mapping[str, Any]) -> list[Path]:
    """Return the files in a folder that the last manifest lists and the next one, of the same notebook, does not."""
    if last.get("notebook", {}).get("id") != now["notebook"]["id"]:
        return []
    paths = [out / name for name in _listed(last).keys() - now["files"].keys()]
    return [path for path in paths if path.is_file() and path.resolve().is_relative_to(out.resolve())]


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """Return the manifest as it is written: sorted keys, one line for each value."""
    return (json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def checksum_lines(files: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Return the lines that `sha256sum --check` reads, for the files that a manifest lists."""
    return "".join(f"{entry['sha256']}  {name}\n" for name, entry in sorted(files.items())).encode()
