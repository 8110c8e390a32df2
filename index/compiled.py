"""How kernels are compiled: once, kept on disk, released from the interpreter's lock.

Kept machine code is run as it is, so the folder it is kept in belongs to one user alone; and a kernel
may hold the code of another one, so what is kept belongs to one state of all of them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numba
from numba.core import config

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")

KERNELS = "kernels"
"""The folder of kernels in the state folder."""

_FOLDER = "NUMBA_CACHE_DIR"

_kernels: list[Any] = []


@cache
def _state() -> str:
    """Return a name for the source of all kernels: numba compares that of the one called alone."""
    code = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for file in sorted([*code.glob("index/**/*.py"), *code.glob("search/**/*.py")]):
        source = file.read_bytes()
        if b"@kernel" in source:
            digest.update(source)
    return digest.hexdigest()[:16]


def _keep_in(folder: Path) -> None:
    config.CACHE_DIR = str(folder / _state())  # type: ignore[attr-defined]  # set when numba is imported


if os.environ.get(_FOLDER):
    _keep_in(Path(os.environ[_FOLDER]))


def kernel(function: F) -> F:
    """Compile a loop at its first call; it is kept once a folder is known: see ``keep_in``."""
    compiled: Any = numba.njit(nogil=True)(function)
    _kernels.append(compiled)
    if os.environ.get(_FOLDER):
        compiled.enable_caching()
    result: F = compiled
    return result


def keep_in(folder: Path) -> bool:
    """Keep compiled kernels in a folder and return whether it serves; the environment's choice goes first.

    The folder is made with mode 0700.  One that others may write to is not used: kernels are then
    compiled by every program that starts.
    """
    if os.environ.get(_FOLDER):
        return True
    if not _private(folder):
        return False
    os.environ[_FOLDER] = str(folder)
    _keep_in(folder)
    for other in folder.iterdir():  # of the program before an upgrade
        if other.name != _state():
            shutil.rmtree(other, ignore_errors=True)
    for each in _kernels:
        each.enable_caching()
    return True


def _private(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = folder.stat()
    except OSError:
        return False
    mine = found.st_uid == os.geteuid() and not stat.S_IMODE(found.st_mode) & 0o077
    return mine and os.access(folder, os.W_OK)
