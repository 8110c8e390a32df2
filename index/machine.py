"""What compiled loops ask of the machine itself: the lowest bit of a word, and the time.

Uncompiled (``NUMBA_DISABLE_JIT=1``) Python answers the same.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import types
from numba.core.config import DISABLE_JIT  # type: ignore[attr-defined]  # set when it is imported
from numba.cpython.unsafe.numbers import trailing_zeros

from index.compiled import kernel

if TYPE_CHECKING:
    from collections.abc import Callable

_CLOCK = time.CLOCK_MONOTONIC

_read_clock: Any = types.ExternalFunction("clock_gettime", types.int32(types.int32, types.intp))


@kernel
def _lowest(word: int) -> int:
    return trailing_zeros(word)  # type: ignore[call-arg]  # an intrinsic: compiled code passes the context


@kernel
def _now() -> int:
    seconds = np.empty(2, np.int64)
    _read_clock(np.int32(_CLOCK), seconds.ctypes.data)
    return seconds[0] * 1_000_000_000 + seconds[1]  # type: ignore[no-any-return]


def _lowest_in_python(word: int) -> int:
    return (int(word) & -int(word)).bit_length() - 1


lowest: Callable[[int], int] = _lowest_in_python if DISABLE_JIT else _lowest
"""Return the number of the lowest bit that is set in a word, uint64 and not 0."""

now: Callable[[], int] = time.monotonic_ns if DISABLE_JIT else _now
"""Return the time in nanoseconds, as ``time.monotonic_ns`` counts it."""
