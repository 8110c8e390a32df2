"""A Whoosh storage whose commits survive a power failure.

Whoosh writes new files, renames the commit file and calls no fsync: after a power failure the
commit file can name files that never reached the disk.  Here everything written since the last
rename is synced before it, the directory before and after.
"""

from __future__ import annotations

import os
from typing import Any

from whoosh.filedb.filestore import FileStorage


class DurableStorage(FileStorage):  # type: ignore[misc]
    """``FileStorage`` with the fsyncs that make a rename a commit."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._unsynced: set[str] = set()

    def create_file(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Create a file and remember that it is not on disk yet."""
        self._unsynced.add(name)
        return super().create_file(name, *args, **kwargs)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:  # noqa: FBT001, FBT002 - Whoosh's signature
        """Sync what was written, then rename, then sync the directory."""
        for name in sorted(self._unsynced):
            path = os.path.join(self.folder, name)  # noqa: PTH118 - Whoosh's folder is a string
            if os.path.exists(path):  # noqa: PTH110
                sync(path)
        self._unsynced.clear()
        sync(self.folder)
        super().rename_file(oldname, newname, safe=safe)
        sync(self.folder)


def sync(path: str) -> None:
    """Force a file's or a directory's content to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
