"""A disk between the writer and the real one: it records each operation, and can make one of them fail.

Operations are those that change what a crash would leave: opening for writing, a write, a forced
write of a file or folder, a rename, a removal.
"""

import errno
import io
import os
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Operation:
    """``name`` of what was done, on which file."""

    name: str
    path: str


@dataclass
class Disk:
    """Watches one folder; operation ``fail`` (from 0) and, where ``sticky``, all after it raise ``error``."""

    folder: Path
    fail: int = -1
    error: int = errno.EIO
    sticky: bool = False
    short: bool = False
    operations: list[Operation] = field(default_factory=list)
    after: object = None
    """Called after each operation that succeeded."""

    def patch(self, monkeypatch):
        real_open = io.open

        def opened(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, **more):
            if not set(mode) & set("wxa+") or not self.watches(file):
                return real_open(file, mode, buffering, encoding, errors, newline, **more)
            self.enter("open", file)
            raw = _Raw(self, file, mode.replace("b", "").replace("t", ""), **more)
            self.done()
            stream = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
            return stream if "b" in mode else io.TextIOWrapper(stream, encoding, errors, newline)

        monkeypatch.setattr(io, "open", opened)
        monkeypatch.setattr("builtins.open", opened)
        for name in ("open", "fsync", "rename", "unlink", "ftruncate", "pwrite"):
            monkeypatch.setattr(os, name, self._watched(name, getattr(os, name)))

    def _watched(self, name, real):
        def call(file, *rest, **more):
            if not self.watches(file):
                return real(file, *rest, **more)
            self.enter(name, file)
            answer = real(file, *rest, **more)
            self.done()
            return answer

        return call

    def watches(self, file):
        return _path(file).startswith(str(self.folder))

    def enter(self, name, file):
        number = len(self.operations)
        self.operations.append(Operation(name, _path(file)))
        if 0 <= self.fail <= number if self.sticky else number == self.fail:
            raise OSError(self.error, os.strerror(self.error))

    def done(self):
        if self.after is not None:
            self.after(self.operations[-1])


class _Raw(io.FileIO):
    def __init__(self, disk, *arguments, **more):
        super().__init__(*arguments, **more)
        self._disk = disk

    def write(self, data):
        try:
            self._disk.enter("write", self.fileno())
        except OSError:
            if self._disk.short:
                super().write(memoryview(data)[: len(data) // 2])
            raise
        written = super().write(data)
        self._disk.done()
        return written


def _path(file):
    if isinstance(file, int):
        return str(Path(f"/proc/self/fd/{file}").readlink())
    return str(Path(os.fsdecode(file)).absolute())
