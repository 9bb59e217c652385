"""What leaves the pipeline: deterministic zip files, checksums, whole files or none, and the manifest."""

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

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
            # The level of the archive is not that of an entry with a ZipInfo, which has no public one before 3.13.
            info._compresslevel = _LEVEL  # type: ignore[attr-defined] # noqa: SLF001
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


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: a reader sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


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
    files = manifest.get("files")
    entry = files.get(name) if isinstance(files, dict) else None
    if not isinstance(entry, dict):
        return False
    try:
        return bool(entry.get("made_from") == made_from and entry.get("sha256") == checksum((out / name).read_bytes()))
    except OSError:
        return False


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """Return the manifest as it is written: sorted keys, one line for each value."""
    return (json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def checksum_lines(files: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Return the lines that `sha256sum --check` reads, for the files that a manifest lists."""
    return "".join(f"{entry['sha256']}  {name}\n" for name, entry in sorted(files.items())).encode()
