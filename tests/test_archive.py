import errno
import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from cheatdeck import archive


def test_a_zip_depends_on_its_entries_alone() -> None:
    first = archive.zipped({"b": b"2", "a": b"1" * 1000})
    assert first == archive.zipped({"a": b"1" * 1000, "b": b"2"})
    with zipfile.ZipFile(BytesIO(first)) as opened:
        assert [(info.filename, info.date_time[0]) for info in opened.infolist()] == [
            ("a", 1980),
            ("b", 1980),
        ]
        assert opened.read("a") == b"1" * 1000
    assert len(first) < 500


def test_parts_do_not_run_together() -> None:
    assert archive.sha256("ab", "c") != archive.sha256("a", "bc")


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new" / "file"
    archive.write_whole(path, b"old")

    def break_off(_: int) -> None:
        raise OSError(errno.ENOSPC, "disk full")

    monkeypatch.setattr("os.fsync", break_off)
    with pytest.raises(archive.WriteError, match="disk full; make room for it, and go on as before"):
        archive.write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [file.name for file in path.parent.iterdir()] == ["file"]


def test_a_manifest_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    assert archive.read_manifest(tmp_path) == {}
    (tmp_path / archive.MANIFEST).write_text("{", encoding="utf-8")
    assert archive.read_manifest(tmp_path) == {}
    (tmp_path / archive.MANIFEST).write_text("[]", encoding="utf-8")
    assert archive.read_manifest(tmp_path) == {}


def test_a_file_is_current_if_it_is_unspoilt_and_made_from_the_same(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x")
    manifest = {"files": {"f": {"made_from": "notes", "sha256": archive.checksum(b"x"), "bytes": 1}}}
    assert archive.is_current(tmp_path, manifest, "f", "notes")
    assert not archive.is_current(tmp_path, manifest, "f", "other notes")
    assert not archive.is_current(tmp_path, manifest, "g", "notes")
    assert not archive.is_current(tmp_path, {}, "f", "notes")
    assert not archive.is_current(tmp_path, {"files": []}, "f", "notes")
    assert not archive.is_current(tmp_path, {"files": {"f": "x"}}, "f", "notes")
    assert not archive.is_current(tmp_path, {"files": {"f": {**manifest["files"]["f"], "bytes": 2}}}, "f", "notes")
    (tmp_path / "f").write_bytes(b"spoilt")
    assert not archive.is_current(tmp_path, manifest, "f", "notes")
    (tmp_path / "f").unlink()
    assert not archive.is_current(tmp_path, manifest, "f", "notes")


def test_checksums_are_as_sha256sum_reads_them() -> None:
    files = {"b": {"sha256": "2" * 64}, "a": {"sha256": "1" * 64}}
    assert archive.checksum_lines(files) == f"{'1' * 64}  a\n{'2' * 64}  b\n".encode()


def test_a_manifest_reads_well() -> None:
    data = archive.manifest_bytes({"b": "é", "a": [1]})
    assert json.loads(data) == {"a": [1], "b": "é"}
    assert data.decode().splitlines() == ["{", ' "a": [', "  1", " ],", ' "b": "é"', "}"]
