"""A package on its way to the disk: a folder or a zip file, put in the old one's place when whole."""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile, mkdtemp
from typing import IO, TYPE_CHECKING, Any, Protocol
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from negotiations.errors import CannotRun

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator


@dataclass(frozen=True)
class Written:
    """What was written to a file."""

    bytes: int
    sha256: str


class Counting:
    """A file to write to that keeps count and checksum."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.bytes = 0
        self._hash = hashlib.sha256()

    def write(self, block: bytes | memoryview) -> None:
        self.bytes += len(block)
        self._hash.update(block)
        self.file.write(block)

    @property
    def written(self) -> Written:
        return Written(self.bytes, self._hash.hexdigest())


class Package(Protocol):
    """Where the files of a package go."""

    def open(self, name: str) -> Any: ...


class _Folder:
    def __init__(self, path: Path) -> None:
        self.path = path

    def open(self, name: str) -> Any:
        return (self.path / name).open("wb")


class _Zip:
    def __init__(self, file: ZipFile, created: dt.datetime) -> None:
        self.file, self.created = file, created

    def open(self, name: str) -> Any:
        info = ZipInfo(name, self.created.timetuple()[:6])
        info.compress_type = ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        return self.file.open(info, "w", force_zip64=True)


@contextmanager
def replacing(target: Path, created: dt.datetime) -> Iterator[Package]:
    """Gives a package to fill; puts it in the place of `target` when all went well.

    A reader finds the old one whole or the new one whole. For that a folder is a symbolic link to
    one beside it, whose name has a dot before it.

    Raises:
        CannotRun: with a sentence that says what stands in the way.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with (_new_zip if target.suffix == ".zip" else _new_folder)(target, created) as package:
            yield package
    except OSError as error:
        raise CannotRun(
            f"The package can't be written to {target} ({error.strerror}). "
            "Free space there, or name another place."
        ) from error


@contextmanager
def _new_zip(target: Path, created: dt.datetime) -> Iterator[Package]:
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        try:
            with ZipFile(file, "w") as archive:
                yield _Zip(archive, created)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(0o644)
            Path(file.name).replace(target)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


@contextmanager
def _new_folder(target: Path, created: dt.datetime) -> Iterator[Package]:
    old = target.resolve() if target.is_symlink() else None
    if not old and target.exists():
        raise CannotRun(
            f"{target} is there and was not made by this command. Move it away, or name another."
        )
    made = Path(mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    link = made.with_name(f"{made.name}.link")
    try:
        yield _Folder(made)
        made.chmod(0o755)
        link.symlink_to(made.name)
        link.replace(target)
    except BaseException:
        shutil.rmtree(made)
        link.unlink(missing_ok=True)
        raise
    if old and old.parent == target.parent.resolve() and old.name.startswith(f".{target.name}."):
        with suppress(FileNotFoundError):
            shutil.rmtree(old)
