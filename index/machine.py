"""What compiled loops ask of the machine itself: the bits of a word, and the time.

Uncompiled (``NUMBA_DISABLE_JIT=1``) Python answers the same.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import types
from numba.core.config import DISABLE_JIT  # type: ignore[attr-defined]  # set when it is imported
from numba.cpython.unsafe.numbers import trailing_zeros
from numba.extending import intrinsic

from index.compiled import kernel

if TYPE_CHECKING:
    from collections.abc import Callable

_CLOCK = time.CLOCK_MONOTONIC

_read_clock: Any = types.ExternalFunction("clock_gettime", types.int32(types.int32, types.intp))


@kernel
def _lowest(word: int) -> int:
    return trailing_zeros(word)  # type: ignore[call-arg]  # an intrinsic: compiled code passes the context


@intrinsic
def _ctpop(_: Any, __: Any) -> Any:
    """Return the machine's own count of bits."""

    def code(___: Any, builder: Any, ____: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), code


@kernel
def _count(word: int) -> int:
    return _ctpop(word)  # type: ignore[call-arg]  # as above


@kernel
def _now() -> int:
    seconds = np.empty(2, np.int64)
    _read_clock(np.int32(_CLOCK), seconds.ctypes.data)
    return seconds[0] * 1_000_000_000 + seconds[1]  # type: ignore[no-any-return]


def _lowest_in_python(word: int) -> int:
    return (int(word) & -int(word)).bit_length() - 1


lowest: Callable[[int], int] = _lowest_in_python if DISABLE_JIT else _lowest
"""Return the number of the lowest bit that is set in a word, uint64 and not 0."""

count: Callable[[int], int] = int.bit_count if DISABLE_JIT else _count
"""Return how many bits of a word, uint64, are set."""

now: Callable[[], int] = time.monotonic_ns if DISABLE_JIT else _now
"""Return the time in nanoseconds, as ``time.monotonic_ns`` counts it."""
