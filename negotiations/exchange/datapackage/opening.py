"""Opens a package without trusting it: a folder or a zip file, each file checked before it is read."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol, cast
from zipfile import BadZipFile, ZipFile

from negotiations.errors import CannotRun
from negotiations.exchange.datapackage.describing import DESCRIPTOR
from negotiations.exchange.datapackage.faults import Fault, Faults, TooMany

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from negotiations.exchange.datapackage.tables import Table

BLOCK = 1 << 20
LONGEST_DESCRIPTOR = 16 << 20
# Text of ours shrinks to a tenth; what shrinks to less than this was made to swell.
MOST_SWELLING = 200
# A plain name in the package itself: nothing leads out of it.
SAFE_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,120}")
SHA256 = re.compile(r"sha256:([0-9a-f]{64})")


class Unsafe(Exception):
    """A file that is not opened; the message says why."""


class Opened(Protocol):
    """A package to read from."""

    def size(self, name: str) -> int: ...

    def open(self, name: str) -> IO[bytes]: ...


class _Folder:
    def __init__(self, path: Path) -> None:
        self.path = path.resolve()

    def _file(self, name: str) -> Path:
        path = self.path / name
        if path.is_symlink() or not path.is_file():
            raise Unsafe("It is not in the package, or is no plain file.")
        return path

    def size(self, name: str) -> int:
        return self._file(name).stat().st_size

    def open(self, name: str) -> IO[bytes]:
        return self._file(name).open("rb")


class _Zip:
    def __init__(self, file: ZipFile) -> None:
        self.file = file

    def size(self, name: str) -> int:
        try:
            info = self.file.getinfo(name)
        except KeyError as error:
            raise Unsafe("It is not in the package.") from error
        if info.file_size > BLOCK + MOST_SWELLING * info.compress_size:
            raise Unsafe("It swells beyond measure when unpacked, and was not opened.")
        return info.file_size

    def open(self, name: str) -> IO[bytes]:
        return self.file.open(name)  # reads no more than the size that it claims


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """The package at this path: a folder, a zip file, or the descriptor in a folder.

    Raises:
        CannotRun: there is none that could be read.
    """
    path = path.parent if path.name == DESCRIPTOR else path
    try:
        if path.is_dir():
            yield _Folder(path)
            return
        with ZipFile(path) as file:
            yield _Zip(file)
    except BadZipFile as error:
        raise CannotRun(f"{path} is neither a folder nor a zip file that can be read.") from error
    except OSError as error:
        raise CannotRun(f"{path} can’t be read: {error.strerror or error}.") from error


def described(package: Opened) -> dict[str, Any]:
    """The package's descriptor.

    Raises:
        CannotRun: there is none that could be read.
    """
    try:
        if package.size(DESCRIPTOR) > LONGEST_DESCRIPTOR:
            raise Unsafe("It is longer than any description of a package.")
        with package.open(DESCRIPTOR) as file:
            told = json.loads(file.read(LONGEST_DESCRIPTOR))
        if not isinstance(told, dict) or not isinstance(told.get("resources"), list):
            raise Unsafe("It lists no resources.")
    except Unsafe as error:
        raise CannotRun(f"{DESCRIPTOR}: {error}") from error
    except (ValueError, RecursionError, RuntimeError, NotImplementedError, zlib.error) as error:
        raise CannotRun(f"{DESCRIPTOR} can’t be read as JSON in UTF-8.") from error
    return cast("dict[str, Any]", told)


def checked(
    package: Opened, told: dict[str, Any], tables: Iterable[Table], faults: Faults
) -> dict[str, str]:
    """The file of each table, by the table's name, after all their sizes and checksums were right.

    Raises:
        TooMany: the faults are more than are listed.
    """
    resources: dict[str, dict[str, Any]] = {}
    known = {table.name: table for table in tables}
    for resource in told["resources"]:
        name = resource.get("name") if isinstance(resource, dict) else None
        if not isinstance(name, str) or name not in known:
            faults.tell(Fault(DESCRIPTOR, 0, "resources", f"This site has no table “{name}”."))
        elif name in resources:
            faults.tell(Fault(DESCRIPTOR, 0, "resources", f"The table “{name}” is there twice."))
        else:
            resources[name] = resource
    for name in known.keys() - resources.keys():
        faults.tell(Fault(DESCRIPTOR, 0, "resources", f"The table “{name}” is missing."))
    files = {}
    for name, resource in resources.items():
        path = resource.get("path")
        if not isinstance(path, str) or not SAFE_PATH.fullmatch(path):
            sentence = f"The path of “{name}” is not the plain name of one file in the package."
            faults.tell(Fault(DESCRIPTOR, 0, "path", sentence))
        elif sentence := _problem(package, path, resource):
            faults.tell(Fault(path, 0, "", sentence))
        else:
            files[name] = path
    return files


def _problem(package: Opened, path: str, resource: dict[str, Any]) -> str:
    """What is wrong with a file as a whole; empty if nothing."""
    claimed = SHA256.fullmatch(str(resource.get("hash")))
    if not claimed:
        return "The description gives no SHA-256 for it (“sha256:…”)."
    try:
        if package.size(path) != resource.get("bytes"):
            return "It has not as many bytes as the description says. Fetch the package again."
        digest = hashlib.sha256()
        with package.open(path) as file:
            while block := file.read(BLOCK):
                digest.update(block)
    except Unsafe as error:
        return str(error)
    except (BadZipFile, OSError, RuntimeError, NotImplementedError, zlib.error):
        return "It can’t be unpacked: it is damaged, or encrypted."
    if digest.hexdigest() != claimed[1]:
        return "It is not the file that was described (SHA-256). Fetch the package again."
    return ""


__all__ = ["Opened", "TooMany", "checked", "described", "opened"]
