"""The child process that builds one engine's index: ``python -m tests.bench.build ENGINE CORPUS FOLDER``."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from tests.bench import corpus

if __name__ == "__main__":
    name, documents, folder = sys.argv[1:]
    import_module(f"tests.bench.engines.{name}").build(corpus.read(Path(documents)), Path(folder))
