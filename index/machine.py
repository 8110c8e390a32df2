"""What compiled loops ask of the machine itself: the bits of a word, many bytes at once, and the time.

Uncompiled (``NUMBA_DISABLE_JIT=1``) Python answers the same.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.config import DISABLE_JIT  # type: ignore[attr-defined]  # set when it is imported
from numba.cpython.unsafe.numbers import trailing_zeros
from numba.extending import intrinsic

from index.compiled import kernel

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

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


_BYTES = ir.VectorType(ir.IntType(8), 64)


@intrinsic
def _all_set(_: Any, marks: Any, __: Any, ___: Any) -> Any:
    """Return which of 64 bytes have all bits of a mask: what machines compare at once, 16 to 64 bytes."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        first = builder.gep(array.data, [arguments[1]])
        found = builder.load(builder.bitcast(first, _BYTES.as_pointer()), align=1)
        none = ir.Constant(_BYTES, None)
        one = builder.insert_element(none, arguments[2], ir.Constant(ir.IntType(32), 0))
        mask = builder.shuffle_vector(one, none, ir.Constant(ir.VectorType(ir.IntType(32), 64), None))
        same = builder.icmp_unsigned("==", builder.and_(found, mask), mask)
        return builder.bitcast(same, ir.IntType(64))

    return types.uint64(marks, types.intp, types.uint8), code


@kernel
def _having(marks: NDArray[np.uint8], at: int, mask: int) -> int:
    return _all_set(marks, at, mask)  # type: ignore[call-arg]  # as above


@kernel
def _now() -> int:
    seconds = np.empty(2, np.int64)
    _read_clock(np.int32(_CLOCK), seconds.ctypes.data)
    return seconds[0] * 1_000_000_000 + seconds[1]  # type: ignore[no-any-return]


def _lowest_in_python(word: int) -> int:
    return (int(word) & -int(word)).bit_length() - 1


def _having_in_python(marks: NDArray[np.uint8], at: int, mask: int) -> int:
    found = marks[at : at + 64] & mask == mask
    return np.packbits(found, bitorder="little").view(np.uint64)[0]  # type: ignore[no-any-return]


lowest: Callable[[int], int] = _lowest_in_python if DISABLE_JIT else _lowest
"""Return the number of the lowest bit that is set in a word, uint64 and not 0."""

count: Callable[[int], int] = int.bit_count if DISABLE_JIT else _count
"""Return how many bits of a word, uint64, are set."""

having: Callable[[NDArray[np.uint8], int, int], int] = _having_in_python if DISABLE_JIT else _having
"""Return which of the 64 bytes from a place on have all bits of a mask, as the bits of a word."""

now: Callable[[], int] = time.monotonic_ns if DISABLE_JIT else _now
"""Return the time in nanoseconds, as ``time.monotonic_ns`` counts it."""
