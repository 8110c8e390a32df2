"""The embedded engine: an index in a directory, and the writer that commits to it.

The engine's other half, which answers, is ``search/embedded.py``; ``index/generation.py`` reads.
"""

from __future__ import annotations

import contextlib
import secrets
import time
import zlib
from functools import partial
from itertools import accumulate, islice
from typing import TYPE_CHECKING

import numpy as np

from index.codec import commit as commits
from index.codec import people
from index.codec.arrays import Written
from index.codec.budget import MEMORY, Budget
from index.codec.commit import Commit, FileEntry, SegmentEntry, newest
from index.codec.merging import merge
from index.codec.parts import Part
from index.codec.stories import write as write_stories
from index.codec.tiers import plan, room
from index.errors import CorruptIndex
from index.generation import Generation, open_segment
from index.linking import linked, part
from index.lock import WriteLock
from index.met import Met
from index.segments import Maker, Segments
from index.stats import Stats
from index.stats import stats as count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.article import Article
    from index.persons import Decided
    from index.segment import Segment
    from index.stories import Story
    from index.writer import Origin, Position

CURSOR_KEY = "cursor.key"
"""The file with the key that signs cursors: made with the index, readable by its owner alone."""

_KEY_BYTES = 32

_EVERYTHING = 1 << 62
"""Documents that a commit may rewrite where it was asked to merge."""


def open_writer(
    path: Path, *, language: str, timeout: float = 10.0, stories: bool = False, memory: int = MEMORY
) -> EmbeddedWriter:
    """Return a writer for the index at ``path``, made where there is none.

    ``stories`` says whether near-copies of what is put are looked for, ``memory`` how many bytes the process
    should take at most.
    Raises ``IndexLocked`` where another writer holds it longer than ``timeout`` seconds.
    """
    _make_folder(path)
    lock = WriteLock(path / "write.lock", timeout)
    try:
        return EmbeddedWriter(path, language, lock, stories=stories, memory=memory)
    except BaseException:
        lock.release()
        raise


class EmbeddedWriter:
    """The embedded engine's half of ``index.writer.Writer``."""

    def __init__(self, path: Path, language: str, lock: WriteLock, *, stories: bool, memory: int) -> None:
        self._path = path
        self._lock = lock
        self._language = language
        make_cursor_key(path)
        if newest(path) < 0:
            commits.write(path, Commit(0, language, (), time.time()))
        self._generation = Generation.open(path)
        self._clean()  # what a killed writer left may have the names that this one is going to use
        self._release()
        self._lives = [segment.live.copy() for segment in self._generation.segments]
        self._signing = stories
        self._memory = memory
        self._budget = Budget.of(memory)
        self._segments = Segments(
            path, self._generation.number + 1, language, stories=stories, budget=self._budget
        )
        self._gone: set[str] = set()
        self._decided = self._generation.decided
        self._new: list[SegmentEntry] = []
        self._put = Met()
        self._merging = False

    def known(self) -> Mapping[str, tuple[str, Origin]]:
        """Return id → (digest, origin) of every article of the last generation."""
        return self._generation.known()

    def digest(self, id: str) -> str | None:  # noqa: A002 - the contract's own name
        """Return the digest of an article of the last generation, unless it was put or deleted since."""
        found = self._find(id)
        return None if found is None else self._generation.segments[found[0]].columns.digests[found[1]]

    def emptied(self) -> Position | None:
        """Return how far the inbox is emptied in the last generation."""
        return self._generation.commit.emptied

    def put(self, article: Article, origin: Origin) -> None:
        """Insert the article, or replace the one that has its id; once per id and commit.

        Raises InvalidArticle for one that cannot be shown, and is as if it had not been put.
        """
        self._once(article.id)
        self._segments.add(article, origin)
        self._met(article.id)
        if self._segments.full:
            self._flush()

    def apart(self, jobs: int) -> Callable[[], Maker]:
        """Return what makes segments for this writer in one of so many processes, which share its memory."""
        number, memory = self._generation.number + 1, self._memory // jobs
        return partial(Maker, self._path, number, self._language, stories=self._signing, memory=memory)

    def enter(self, made: Sequence[SegmentEntry], ids: Iterable[str]) -> None:
        """Take in the segments that a maker made of the articles with these ids; once per id and commit."""
        self._flush()  # what was put before comes before
        for id_ in ids:
            self._once(id_)
            self._met(id_)
        self._put.pack()
        self._new += made

    def _once(self, id_: str) -> None:
        if id_ in self._put and self._is_put(id_):
            raise ValueError(f"article {id_!r} was already put in this commit")

    def _met(self, id_: str) -> None:
        self._put.add(id_)
        if self._lives:
            self._remove(id_)

    def decide(self, decided: Decided, *, beside: bool = False) -> bool:
        """Take what ``speakers.jsonl`` says, and return whether it changes what is known.

        ``beside`` keeps what was said before and is not said otherwise.
        """
        before = self._generation.decided
        self._decided = before.joined(decided) if beside else decided
        return self._decided != before

    def _people(self, number: int) -> FileEntry | None:
        """Return the file of what is said of people: the one before where nothing changed."""
        unchanged = self._decided == self._generation.decided
        return (
            self._generation.commit.people if unchanged else people.write(self._path, number, self._decided)
        )

    def delete(self, ids: Iterable[str]) -> list[str]:
        """Delete the articles of the last generation and return the ids that were there."""
        return [id_ for id_ in ids if self._remove(id_)]

    def _remove(self, id_: str) -> bool:
        found = self._find(id_)
        if found is None:
            return False
        self._lives[found[0]][found[1]] = False
        self._gone.add(id_)
        return True

    def _find(self, id_: str) -> tuple[int, int] | None:
        """Return the segment and the number in it of a live article of the last generation."""
        for number, (segment, live) in enumerate(zip(self._generation.segments, self._lives, strict=True)):
            doc = segment.find(id_)
            if doc is not None and live[doc]:
                return number, doc
        return None

    def _flush(self) -> None:
        """Write what was collected as a segment."""
        entry = self._segments.write()
        if entry is not None:
            self._new.append(entry)
            self._put.pack()
            self._release()

    def _is_put(self, id_: str) -> bool:
        """Return whether an article with this id was put before: it is in a new segment, or about to be."""
        new = (open_segment(self._path, entry) for entry in self._new)
        return self._put.holds(id_) or any(segment.find(id_) is not None for segment in new)

    def _release(self) -> None:
        """Let go of what was read of the last generation: pages that are mapped count as memory."""
        for segment in self._generation.segments:
            segment.file.file.release()

    def merge(self) -> bool:
        """Have ``commit`` merge all segments that fit into one, without what was deleted of them.

        Return whether there is anything to merge.
        """
        self._merging = True
        entries = self._generation.commit.segments
        return bool(plan(entries, _EVERYTHING, self._budget.largest) or self._masked(entries))

    def _masked(self, entries: Sequence[SegmentEntry]) -> tuple[int, ...]:
        """Return the number of the first segment with deleted documents that a merge can hold, if any."""
        small = (n for n, one in enumerate(entries) if one.live and one.file.length <= self._budget.largest)
        return tuple(islice(small, 1))

    def commit(self, emptied: Position | None = None) -> int:
        """Make all changes visible and durable, and return the new generation.

        ``emptied`` says with it how far the inbox is emptied; None: as far as before.
        Raises Unwritable for an article whose text cannot be analysed, OSError where the disk does not
        take the changes: then the last generation stays, or, where the very last step failed, the new
        one is there and may not survive a power failure.
        """
        try:
            if not self._lock.held:
                raise ValueError("this writer has committed or cancelled; open another one")
            if self._segments.torn:
                raise ValueError(
                    f"article {self._segments.torn!r} could not be put: cancel, and put the others again"
                )
            self._flush()
            self._segments.forget()  # merging needs the room
            number = self._generation.number + 1
            old = zip(self._generation.commit.segments, self._generation.segments, self._lives, strict=True)
            kept = [self._entry(entry, segment, live) for entry, segment, live in old if live.any()]
            stories = self._linked(number)
            segments = self._merged((*kept, *self._new))
            people_ = self._people(number)
            reached = emptied or self._generation.commit.emptied
            commit = Commit(number, self._language, segments, time.time(), stories, people_, reached)
            commits.write(self._path, commit)
            self._clean()
        except BaseException:
            self.cancel()
            raise
        self._lock.release()
        return number

    def cancel(self) -> None:
        """Forget all changes."""
        self._segments.forget()
        if self._lock.held:
            self._clean()
            self._lock.release()

    def _clean(self) -> None:
        """Remove what no generation names; where that fails, the next writer does it."""
        with contextlib.suppress(OSError, CorruptIndex):
            commits.clean(self._path)

    def _entry(self, entry: SegmentEntry, segment: Segment, live: NDArray[np.bool_]) -> SegmentEntry:
        """Return the entry of an old segment, with a new mask where this commit deleted of it."""
        if np.array_equal(live, segment.live):
            return entry
        name = f"{segment.name}-{self._generation.number + 1}.live"
        mask = np.packbits(live).tobytes()
        commits.write_synced(self._path / name, mask)
        written = Written(len(mask), zlib.crc32(mask))
        return SegmentEntry(entry.file, entry.documents, FileEntry.of(name, written))

    def _linked(self, number: int) -> FileEntry | None:
        """Return the file of the new generation's stories: the one before where nothing changed."""
        new = [open_segment(self._path, entry) for entry in self._new] if self._signing else []
        old = zip(self._generation.segments, self._lives, strict=True)
        found = linked(
            self._generation.listed,
            number,
            self._gone,
            [part(segment, segment.live) for segment in new],
            [part(segment, live) for segment, live in old],
        )
        return self._generation.commit.stories if found is None else write_stories(self._path, number, found)

    def _merged(self, entries: tuple[SegmentEntry, ...]) -> tuple[SegmentEntry, ...]:
        """Merge small segments, as ``plan`` says, until a search meets few; all where that was asked."""
        most = _EVERYTHING if self._merging else room(sum(entry.documents for entry in self._new))
        largest = self._budget.largest
        while chosen := plan(entries, most, largest) or (self._masked(entries) if self._merging else ()):
            name = f"seg-{self._generation.number + 1}-m{len(entries)}-{secrets.token_hex(4)}.arrays"
            opened = [open_segment(self._path, entries[number]) for number in chosen]
            for segment in opened:
                segment.file.file.release()
            bases = accumulate((segment.documents for segment in opened), initial=0)
            parts = [
                Part(segment.file, segment.live, base) for segment, base in zip(opened, bases, strict=False)
            ]
            rest = tuple(entry for number, entry in enumerate(entries) if number not in chosen)
            entries = (*rest, merge(parts, self._path / name, self._budget))
        return entries


def _make_folder(path: Path) -> None:
    """Make the index's folder, durably where it is new."""
    if not path.is_dir():
        path.mkdir(parents=True, exist_ok=True)
        commits.sync_folder(path.parent)


def make_cursor_key(path: Path) -> None:
    """Write the cursors' key where there is none, or what is there is none: the writer's lock is held.

    A checksum follows the key, so that ``check`` sees a damaged one; all of the line is the key.
    """
    file = path / CURSOR_KEY
    if file.exists() and is_cursor_key(file.read_bytes()):
        return
    key = secrets.token_hex(_KEY_BYTES)
    temporary = file.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    temporary.touch(0o600, exist_ok=False)
    commits.write_synced(temporary, f"{key} {zlib.crc32(key.encode()):08x}\n".encode())
    temporary.rename(file)


def is_cursor_key(line: bytes) -> bool:
    """Return whether this is what ``make_cursor_key`` writes."""
    key, _, crc = line.partition(b" ")
    return len(key) == 2 * _KEY_BYTES and crc == b"%08x\n" % zlib.crc32(key)


def generation(path: Path) -> int:
    """Return the number of the newest generation, -1 where there is no index."""
    return newest(path)


def stats(path: Path) -> Stats:
    """Return what the index holds; raise NoIndex or CorruptIndex."""
    return count(Generation.open(path))


def articles(path: Path) -> Iterator[tuple[Article, Story | None]]:
    """Yield every article of the newest generation with its story; raise NoIndex or CorruptIndex."""
    generation = Generation.open(path)
    stories = generation.stories
    for segment in generation.segments:
        for doc in np.flatnonzero(segment.live).tolist():
            article = segment.article(doc)
            story = stories.of.get(article.id)
            yield article, stories.stories[story] if story else None
