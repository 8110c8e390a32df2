"""Until when a request is worked on, in nanoseconds of ``time.monotonic_ns``; 0 is for ever.

Compiled loops look at the clock themselves; what stands between them asks here.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")

_STEP = 1024
"""Items between two looks at the clock: comparing so many words takes half a millisecond."""


class OutOfTime(Exception):
    """The deadline came before an end that could be used."""


def late(deadline: int) -> bool:
    """Return whether the deadline has passed.

    >>> late(0), late(1)
    (False, True)
    """
    return 0 < deadline < time.monotonic_ns()


def left(deadline: int) -> float:
    """Return the seconds that are left, -1 for ever, as locks take them.

    >>> left(0), left(1)
    (-1, 0.0)
    """
    return max(deadline - time.monotonic_ns(), 0) / 1e9 if deadline else -1


def hold(deadline: int) -> None:
    """Raise OutOfTime where the deadline has passed."""
    if late(deadline):
        raise OutOfTime


def watched(items: Iterable[T], deadline: int) -> Iterator[T]:
    """Yield the items; raise OutOfTime once the deadline has passed.

    >>> list(watched("abc", 0))
    ['a', 'b', 'c']
    """
    for number, item in enumerate(items):
        if number % _STEP == 0:
            hold(deadline)
        yield item
