"""The named errors of the index: each says whose fault it is.

``BadSource``, ``Unwritable`` and ``InvalidArticle`` are the input's, ``BadSetting`` the operator's,
``IndexLocked`` another writer's, ``CorruptIndex`` the disk's, ``NoIndex`` means that nothing was built yet.
``InboxFull`` and ``KeyReused`` are the writer's over HTTP, ``InboxUnavailable`` the disk's.
"""

from __future__ import annotations


class PressmarkError(Exception):
    """Any error that the index reports on purpose."""


class BadSource(PressmarkError):
    """An input that cannot become an article: ``place`` says where, ``reason`` why."""

    def __init__(self, place: str, reason: str, raw: str = "") -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason
        self.raw = raw


class Unwritable(PressmarkError):
    """An article that the writer chokes on: ``id`` says which, however many came behind it."""

    def __init__(self, id: str, reason: str) -> None:  # noqa: A002 - the contract's own name
        super().__init__(f"{id}: {reason}")
        self.id = id
        self.reason = reason


class InvalidArticle(Unwritable):
    """An article that cannot be shown: ``reason`` names the field; nothing of it was taken in."""


class BadSetting(PressmarkError):
    """A setting that has no meaning: the message names the setting and where it was read."""


class IndexLocked(PressmarkError):
    """Another process writes this index: the message names its process id."""


class CorruptIndex(PressmarkError):
    """The index on disk is not what was written: the message names the file."""


class NoIndex(PressmarkError):
    """There is no index at this place."""


class InboxFull(PressmarkError):
    """As many writes over HTTP wait as may: the message says how many."""


class InboxUnavailable(PressmarkError):
    """The inbox cannot be read or written: the message names the file."""


class KeyReused(PressmarkError):
    """An idempotency key came with another request before."""
