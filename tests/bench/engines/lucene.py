"""Lucene in one long-lived child process that says what each search cost its thread.

Maven fetches the jars, javac of a JDK compiles ``lucene/Bench.java``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.engines.engine import Answer, Engine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bench.query import Query

SOURCES = Path(__file__).parent / "lucene"

OUT = "Lucene is left out"

USUAL = "/usr/lib/jvm"
"""Where Linux distributions put their JDKs."""

OLDEST = 21
"""The first Java that Lucene 10 runs on."""

WARM = 15
"""Seconds of queries before the race: the Java compiler has then seen every kind some thousand times."""

FLAGS = (
    "-Xmx2g",
    "-XX:+UseSerialGC",
    # Lucene's own advice, for its vectorised loops and for madvise.
    "--add-modules=jdk.incubator.vector",
    "--enable-native-access=ALL-UNNAMED",
)


@dataclass(frozen=True, slots=True)
class Java:
    """A JDK, and the folder with the jars and classes that it runs."""

    home: Path
    folder: Path

    def command(self, *arguments: str | Path) -> list[str]:
        """Return the command that runs Bench."""
        classes = f"{self.folder / 'jars'}/*{os.pathsep}{self.folder / 'classes'}"
        return [str(self.home / "bin/java"), *FLAGS, "-cp", classes, "Bench", *map(str, arguments)]


def jdk() -> Path | None:
    """Return the newest JDK that Lucene runs on."""
    compiler = shutil.which("javac")
    homes = [
        *([Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []),
        *([Path(compiler).resolve().parents[1]] if compiler else []),
        *sorted(Path(USUAL).glob("*")),
    ]
    able = [home for home in homes if _version(home) >= OLDEST]
    return max(able, key=_version, default=None)


def prepare(folder: Path) -> Java:
    """Fetch the jars and compile, where that has not been done in ``folder``.

    Raises LookupError with the sentence that says what is missing: a JDK, Maven, or what Maven fetches.
    """
    home = jdk()
    if home is None:
        raise LookupError(f"{OUT}: no JDK {OLDEST} or newer in JAVA_HOME, on PATH or in {USUAL}")
    made = Java(home, folder.resolve())
    if not (folder / "jars").is_dir():
        if shutil.which("mvn") is None:
            raise LookupError(f"{OUT}: its jars come from Maven, and there is no mvn")
        _fetch(home, folder)
    (folder / "classes").mkdir(exist_ok=True)
    jars = f"{folder / 'jars'}/*"
    compiler = [str(home / "bin/javac"), "-Xlint:all", "-Werror", "-cp", jars]
    subprocess.run([*compiler, "-d", str(folder / "classes"), str(SOURCES / "Bench.java")], check=True)
    return made


def version(java: Java) -> str:
    """Return the version of Lucene that was fetched."""
    (core,) = (java.folder / "jars").glob("lucene-core-*.jar")
    return core.stem.rpartition("-")[2]


class Lucene(Engine):
    """A child process with an open searcher, asked a line and answering a line."""

    name = "Lucene"

    def __init__(self, java: Java, folder: Path) -> None:
        self._child = subprocess.Popen(
            java.command("serve", folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )

    def prepare(self, queries: Sequence[Query]) -> None:
        """Ask all queries over and over, until the Java compiler has done its work."""
        end = time.monotonic() + WARM
        while time.monotonic() < end:
            for query in queries:
                self.search(query)

    def search(self, query: Query) -> Answer:
        """Return ids, titles and days of the best ten, the number of all, and the facets."""
        asked = {"form": query.form, "words": query.words, "days": query.days, "facets": query.facets}
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps(asked) + "\n")
        self._child.stdin.flush()
        line = self._child.stdout.readline()
        if not line:
            raise RuntimeError(f"Lucene ended with {self._child.wait()} at {asked}")
        said = json.loads(line)
        return Answer([hit["id"] for hit in said["hits"]], said["total"], said["facets"], said["cpu"] / 1e9)

    def close(self) -> None:
        """End the child process."""
        self._child.communicate()


def _version(home: Path) -> int:
    """Return the feature version of a JDK, 0 where there is no compiler."""
    try:
        said = (home / "release").read_text()
    except OSError:
        return 0
    found = re.search(r'^JAVA_VERSION="(\d+)', said, re.MULTILINE)
    return int(found[1]) if found and (home / "bin/javac").exists() else 0


def _fetch(home: Path, folder: Path) -> None:
    """Let Maven put the jars into ``folder``, all or none."""
    folder.mkdir(parents=True, exist_ok=True)
    jars = (folder / "fetched").resolve()
    pom = ["mvn", "--quiet", "--batch-mode", "--file", str(SOURCES / "pom.xml")]
    done = subprocess.run(
        [*pom, "dependency:copy-dependencies", f"-DoutputDirectory={jars}"],
        env=os.environ | {"JAVA_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise LookupError(f"{OUT}: Maven cannot fetch its jars\n{done.stdout[-500:]}")
    jars.rename(folder / "jars")
