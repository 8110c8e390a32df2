"""``python -m index``: news in, an index out.

Results go to stdout, progress and doubts to stderr; errors are one line that names the thing.
Exit codes: 0 done, 1 some inputs failed, 2 usage, 3 index damaged, 4 locked, 5 configuration,
130 interrupted.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import io
import os
import signal
import sys
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from tqdm import tqdm

from index import console, pipeline, representation, sources
from index.errors import BadSetting, BadSource, CorruptIndex, IndexLocked, NoIndex
from index.quarantine import path_of
from index.settings import SETTINGS, Settings, load
from index.sources import NotASource, Notes
from index.sources.reading import shown
from index.tasks import Days

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import ModuleType

    from index.stats import Stats
    from index.writer import Origin, Writer

DONE, FAILED, USAGE, DAMAGED, LOCKED, CONFIGURATION, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130

_CODES: tuple[tuple[type[Exception], int], ...] = (
    (NotASource, USAGE),
    (FileExistsError, USAGE),
    (NoIndex, USAGE),
    (CorruptIndex, DAMAGED),
    (IndexLocked, LOCKED),
    (BadSetting, CONFIGURATION),
    (Exception, FAILED),
)

_ARTICLE = ("article_limit", "article_seconds", "article_memory", "jobs")
_WRITING = ("language", "lock_timeout", "memory")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; usage errors exit with 2 by themselves."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may not know every letter
    asked = _parser().parse_args(arguments)
    with contextlib.suppress(ValueError):  # only a main thread can be told by signals
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        settings = load({setting.name: getattr(asked, setting.name, None) for setting in SETTINGS})
        code: int = asked.run(asked, settings)
        sys.stdout.flush()
    except KeyboardInterrupt:
        _say("interrupted; the index is as it was")
        return INTERRUPTED
    except BrokenPipeError:  # whoever read the results has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        _say(_reason(error))
        return next(code for kind, code in _CODES if isinstance(error, kind))
    return code


def _write(command: Origin, asked: argparse.Namespace, settings: Settings) -> int:
    sources.check(asked.sources)
    with tqdm(desc=command, unit=" articles", disable=None, leave=False) as bar:
        opener = _opener(settings, new=True)
        done = pipeline.write(command, opener, asked.sources, settings, _days(asked), bar.update)
    quarantine = path_of(settings.index)
    if asked.json:
        _print_json(
            dataclasses.asdict(done) | {"quarantine": shown(quarantine) if done.quarantined else None}
        )
    else:
        _print(console.report(done, settings))
    for line in (*done.warnings, *console.ignored(done.ignored)):
        _say(line)
    if done.quarantined:
        _say(f"{done.quarantined:,} could not be indexed, see {shown(quarantine)}")
    return FAILED if done.quarantined else DONE


def _build(asked: argparse.Namespace, settings: Settings) -> int:
    return _write("build", asked, settings)


def _add(asked: argparse.Namespace, settings: Settings) -> int:
    return _write("add", asked, settings)


def _delete(asked: argparse.Namespace, settings: Settings) -> int:
    gone, missing = pipeline.delete(_opener(settings), asked.ids)
    if asked.json:
        _print_json({"deleted": gone, "missing": missing})
    else:
        _print([f"deleted {id_}" for id_ in gone])
    for id_ in missing:
        _say(f"there is no article {id_!r}")
    return FAILED if missing else DONE


def _inspect(asked: argparse.Namespace, settings: Settings) -> int:
    sources.check(asked.sources)
    notes = Notes()
    failed = 0
    for each in pipeline.inspect(asked.sources, settings, _days(asked), notes):
        if isinstance(each, BadSource):
            failed += 1
            _say(str(each))
        elif asked.json:
            _print_json(representation.article(each[1]))
        else:
            _print([*console.article(*each), ""])
    for line in (*notes.reports, *console.ignored(notes.ignored)):
        _say(line)
    return FAILED if failed else DONE


def _follow(asked: argparse.Namespace, settings: Settings) -> int:
    done: Mapping[str, int] = {}
    with contextlib.suppress(KeyboardInterrupt):  # how a follower ends; what it had begun waits as before
        done = follow(settings, _say, once=asked.once)
    if asked.json:
        _print_json(done)
    return DONE


def follow(
    settings: Settings,
    say: Callable[[str], object],
    alive: Callable[[], bool] = lambda: True,
    *,
    once: bool = False,
) -> Mapping[str, int]:
    """Empty the inbox of writes over HTTP while ``alive``, or ``once``; return its results, counted."""
    from index.follow import Follower  # noqa: PLC0415 - as the engine
    from index.inbox import Inbox  # noqa: PLC0415

    with Inbox(settings.state) as inbox:
        return Follower(inbox, _opener(settings, new=True), settings).run(say, alive, once=once)


def _check(asked: argparse.Namespace, settings: Settings) -> int:
    from index.check import check  # noqa: PLC0415 - as the engine

    _engine(settings)
    found = check(settings.index)
    if asked.json:
        _print_json({"damage": found})
    else:
        _print(found or [f"{settings.index} is what was written"])
    return DAMAGED if found else DONE


def _stats(asked: argparse.Namespace, settings: Settings) -> int:
    values = dataclasses.asdict(_engine(settings).stats(settings.index))
    if asked.json:
        _print_json(values)
    else:
        _print(console.numbers(values))
    return DONE


def _merge(asked: argparse.Namespace, settings: Settings) -> int:
    writer = _opener(settings)()
    try:
        generation = writer.commit() if writer.merge() else None
    finally:
        writer.cancel()
    segments = _engine(settings).stats(settings.index).segments
    if asked.json:
        _print_json({"generation": generation, "segments": segments})
    elif generation is None:
        _print([f"{settings.index}: nothing had to be merged"])
    else:
        _print([f"{settings.index}: generation {generation}, segments: {segments:,}"])
    return DONE


def _export(asked: argparse.Namespace, settings: Settings) -> int:
    del asked
    for article, story in _engine(settings).articles(settings.index):
        told = {"id": story.id, "size": len(story.members)} if story and len(story.members) > 1 else None
        _print_json(representation.article(article) | {"cluster": told, "version": article.digest})
    return DONE


def _snapshot(asked: argparse.Namespace, settings: Settings) -> int:
    from index.snapshots import snapshot  # noqa: PLC0415 - as the engine

    engine = _engine(settings)
    snapshot(settings.index, asked.folder)
    return _now(asked, asked.folder, engine.stats(asked.folder))


def _restore(asked: argparse.Namespace, settings: Settings) -> int:
    from index.snapshots import restore  # noqa: PLC0415

    engine = _engine(settings, new=True)
    restore(settings.index, asked.folder, settings.lock_timeout)
    return _now(asked, settings.index, engine.stats(settings.index))


def _now(asked: argparse.Namespace, folder: Path, stats: Stats) -> int:
    """Say what an index is now."""
    if asked.json:
        _print_json({"generation": stats.generation, "documents": stats.documents, "bytes": stats.bytes})
    else:
        _print([f"{folder}: generation {stats.generation}, {stats.documents:,} documents"])
    return DONE


def _config(asked: argparse.Namespace, settings: Settings) -> int:
    rows = [(each.name, settings.shown(each.name), settings.origin(each.name)) for each in SETTINGS]
    if asked.json:
        _print_json({name: {"value": value, "origin": origin} for name, value, origin in rows})
    else:
        _print(f"{name:<16} = {value}  ({origin})" for name, value, origin in rows)
    return DONE


@dataclasses.dataclass(frozen=True, slots=True)
class _Command:
    """One command: what it is for, what runs it, what it is given, which settings and switches it has."""

    help: str
    run: Callable[[argparse.Namespace, Settings], int]
    given: str = ""
    settings: tuple[str, ...] = ()
    switches: tuple[tuple[str, str], ...] = ()


_COMMANDS = {
    "build": _Command(
        "make the index equal to its SOURCEs; what came by add stays",
        _build,
        "sources",
        (*_WRITING, *_ARTICLE, "on_error", "stories"),
    ),
    "add": _Command(
        "insert or replace articles", _add, "sources", (*_WRITING, *_ARTICLE, "on_error", "stories")
    ),
    "delete": _Command("delete articles", _delete, "ids", _WRITING),
    "inspect": _Command("show what would be recovered; write nothing", _inspect, "sources", _ARTICLE),
    "follow": _Command(
        "index what is written over HTTP, until told to stop",
        _follow,
        settings=("state", *_WRITING, *_ARTICLE, "stories", "commit_every"),
        switches=(("--once", "end when the inbox is empty"),),
    ),
    "check": _Command("read all of the index and say what is damaged", _check),
    "stats": _Command("what the index holds, in numbers", _stats),
    "merge": _Command(
        "rewrite the index as few segments, without what was deleted", _merge, settings=_WRITING
    ),
    "export": _Command("every article as a line of JSON, in the shape of /v1/articles/{id}", _export),
    "snapshot": _Command("copy the newest generation into a new folder", _snapshot, "folder"),
    "restore": _Command(
        "make a snapshot the newest generation", _restore, "folder", settings=("lock_timeout",)
    ),
    "config": _Command(
        "each setting, its value and where it came from",
        _config,
        settings=tuple(setting.name for setting in SETTINGS if setting.name != "index"),
    ),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m index", description="News in, an index out.", allow_abbrev=False
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, command in _COMMANDS.items():
        one = commands.add_parser(name, help=command.help, description=command.help, allow_abbrev=False)
        one.set_defaults(run=command.run)
        one.add_argument("--json", action="store_true", help="results as JSON")
        for name_, meaning in command.switches:
            one.add_argument(name_, action="store_true", help=meaning)
        if command.given:
            one.add_argument(command.given, **_GIVEN[command.given])
        if command.given == "sources":
            one.add_argument("--anchor", metavar="DATE", type=_day, help="what “on Monday” counts from")
        for setting in SETTINGS:
            if setting.name in ("index", *command.settings):
                label = "DIR" if setting.name == "index" else setting.name.rpartition("_")[2].upper()
                default = setting.default or "none"
                one.add_argument(setting.flag, metavar=label, help=f"{setting.meaning} (default: {default})")
    return parser


def _source(text: str) -> Path:
    if not text:  # an unset variable of a shell is not the working folder
        raise argparse.ArgumentTypeError("a file or folder has a name")
    return Path(text)


_GIVEN: dict[str, dict[str, Any]] = {
    "sources": {
        "metavar": "SOURCE",
        "nargs": "+",
        "type": _source,
        "help": f"a folder, or a file: {', '.join(sources.READERS)}, .gz, .zst",
    },
    "ids": {"metavar": "ID", "nargs": "+", "help": "the id of an article"},
    "folder": {"metavar": "DIR", "type": _source, "help": "the folder of the snapshot"},
}


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2021-05-24") from None
    if day > _today() + timedelta(days=1):  # which it may be already, elsewhere
        raise argparse.ArgumentTypeError(f"{text} is still to come: nothing was fetched then")
    return day


def _engine(settings: Settings, *, new: bool = False) -> ModuleType:
    """Return the engine; raise NoIndex where there is no index, unless it may be new.

    Loaded and its kernels compiled late: ``inspect`` and ``config`` need none.
    """
    from index import embedded  # noqa: PLC0415
    from index.compiled import KERNELS, keep_in  # noqa: PLC0415

    if not new and embedded.generation(settings.index) < 0:
        raise NoIndex(f"there is no index at {settings.index}: build one first")
    keep_in(settings.state / KERNELS)
    return embedded


def _opener(settings: Settings, *, new: bool = False) -> Callable[[], Writer]:
    writer = _engine(settings, new=new).open_writer
    return partial(
        writer,
        settings.index,
        language=settings.language,
        timeout=settings.lock_timeout,
        stories=settings.stories == "on",
        memory=settings.memory,
    )


def _days(asked: argparse.Namespace) -> Days:
    return Days(_today(), asked.anchor)


def _today() -> date:
    return datetime.now().astimezone().date()


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(console.plain(line))


def _print_json(value: Any) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(orjson.dumps(value) + b"\n")


def _say(line: str) -> None:
    tqdm.write(console.plain(" ".join(line.split())), file=sys.stderr)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    if type(error).__module__.startswith("index."):
        return str(error)
    return f"{type(error).__name__}: {error}"
