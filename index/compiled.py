"""How kernels are compiled: once, kept on disk, released from the interpreter's lock.

Kept machine code is run as it is, so the folder it is kept in belongs to one user alone; and a kernel
may hold the code of another one, so what is kept belongs to one state of all of them.

Importing numba takes as long as indexing some thousand articles: it is left to the first kernel that
needs it, and those of ``loop`` do not once their code is kept.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from index import native

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

F = TypeVar("F", bound="Callable[..., Any]")

KERNELS = "kernels"
"""The folder of kernels in the state folder."""

_FOLDER = "NUMBA_CACHE_DIR"

_NATIVE = "native.py"

_OFF = "NUMBA_DISABLE_JIT"


@cache
def _state() -> str:
    """Return a name for the source of all kernels: numba compares that of the one called alone."""
    code = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for file in sorted([*code.glob("index/**/*.py"), *code.glob("search/**/*.py")]):
        source = file.read_bytes()
        if b"@kernel" in source or b"@loop" in source or file.name == _NATIVE:
            digest.update(source)
    return digest.hexdigest()[:16]


@cache
def _numba() -> ModuleType:
    import numba  # noqa: PLC0415 - see above

    return numba


def kept_in() -> Path | None:
    """Return where kernels of this state are kept, None where they are not."""
    chosen = os.environ.get(_FOLDER)
    return Path(chosen) / _state() if chosen else None


class _Kernel:
    """A loop that numba compiles when it is called first, by Python or by another one."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    @cached_property
    def _compiled(self) -> Any:
        compiled: Any = _numba().njit(nogil=True)(self._function)
        folder = kept_in()
        if folder and compiled is not self._function:
            _numba().core.config.CACHE_DIR = str(folder)
            compiled.enable_caching()
        return compiled

    @property
    def _numba_type_(self) -> Any:
        """What numba takes a kernel for that another one calls."""
        return self._compiled._numba_type_

    def __call__(self, *arguments: Any) -> Any:
        return self._compiled(*arguments)


class _Loop(_Kernel):
    """A loop whose code is kept by itself, a call 10 µs dearer than one through numba."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self._name = f"{function.__module__}.{function.__name__}"
        self._known: dict[tuple[str, ...], Callable[[list[int | None]], int | None] | None] = {}

    def __call__(self, *arguments: Any) -> Any:
        given = native.arguments(arguments)
        if given is None:
            return self._compiled(*arguments)
        if given.kinds not in self._known:
            self._known[given.kinds] = self._found(given.kinds, arguments)
        code = self._known[given.kinds]
        return self._compiled(*arguments) if code is None else code(given.values)

    def _found(self, kinds: tuple[str, ...], arguments: tuple[Any, ...]) -> Callable[..., int | None] | None:
        folder = kept_in()
        if folder is None or os.environ.get(_OFF, "0") != "0":
            return None
        found = native.find(folder, self._name, kinds)
        if found is None and native.keep(folder, self._name, self._function, arguments):
            found = native.find(folder, self._name, kinds)
        return found


def kernel(function: F) -> F:
    """Compile a loop at its first call; it is kept where a folder is known by then: see ``keep_in``."""
    return cast("F", _Kernel(function))


def loop(function: F) -> F:
    """Compile a loop as ``kernel`` does; what is kept of it runs without numba.

    It takes arrays, integers and tuples of them, allocates nothing, and returns an integer or nothing.
    """
    return cast("F", _Loop(function))


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
    for other in folder.iterdir():  # of the program before an upgrade
        if other.name != _state():
            shutil.rmtree(other, ignore_errors=True)
    return True


def _private(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = folder.stat()
    except OSError:
        return False
    mine = found.st_uid == os.geteuid() and not stat.S_IMODE(found.st_mode) & 0o077
    return mine and os.access(folder, os.W_OK)
