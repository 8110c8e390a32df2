"""The quarantine: inputs that could not be indexed, whole, with reason and place, beside the index.

``<index>.quarantine.jsonl`` holds what the last ``build`` and every ``add`` since could not
index; a build without failures removes it.  It changes all at once, behind the commit.
"""

from __future__ import annotations

import base64
import os
import shutil
from functools import cached_property
from typing import TYPE_CHECKING

import orjson

from index.sources.files import QUARANTINE

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from index.errors import BadSource
    from index.writer import Origin


def path_of(index: Path) -> Path:
    """Return where the quarantine of an index is.

    >>> from pathlib import Path
    >>> path_of(Path("/var/index/"))
    PosixPath('/var/index.quarantine.jsonl')
    """
    index = index.absolute()
    return index.with_name(index.name + QUARANTINE)


class Quarantine:
    """Collects failures; nothing is visible before ``publish``."""

    def __init__(self, path: Path, command: Origin) -> None:
        self._path = path
        self._command = command
        self._new = path.with_name(path.name + ".new")

    @cached_property
    def _file(self) -> BinaryIO:
        """What is collected, opened when it is first needed: whoever is interrupted then can ``cancel``."""
        self._new.parent.mkdir(parents=True, exist_ok=True)
        file = self._new.open("wb")
        try:
            if self._command == "add" and self._path.exists():
                with self._path.open("rb") as old:
                    shutil.copyfileobj(old, file)
        except BaseException:
            file.close()
            raise
        return file

    def put(self, error: BadSource, id: str | None = None) -> None:  # noqa: A002 - the contract's own name
        """Add a failure; input that is no UTF-8 stands under ``raw_base64``."""
        raw = error.raw.encode("utf-8", "surrogateescape")
        try:
            kept = {"raw": raw.decode("utf-8")}
        except UnicodeDecodeError:
            kept = {"raw_base64": base64.b64encode(raw).decode("ascii")}
        entry = {"place": error.place, "id": id, "reason": error.reason, "command": self._command, **kept}
        self._file.write(orjson.dumps(entry) + b"\n")

    def flush(self) -> None:
        """Bring all of it to the disk, still invisible: after this, ``publish`` needs no space."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def publish(self) -> None:
        """Make it the quarantine of the index."""
        empty = self._file.tell() == 0
        self._file.close()
        if empty:
            self._new.unlink()
            self._path.unlink(missing_ok=True)
        else:
            self._new.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def cancel(self) -> None:
        """Forget what was collected."""
        if "_file" in self.__dict__:
            self._file.close()
        self._new.unlink(missing_ok=True)
