"""What the operator can set: one table, and the rule of precedence.

A value comes from a flag, else from the environment, else from a TOML file, else from its
default, and remembers where it came from.  The file is the one that ``PRESSMARK_CONFIG`` names,
else ``pressmark.toml``, else ``pyproject.toml`` in the working directory; its keys are the
setting's names, under ``[tool.pressmark]`` or, outside pyproject.toml, at the top.  Relative
paths count from the working directory, wherever they were written.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from index.errors import BadSetting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CONFIG = "PRESSMARK_CONFIG"
"""The environment variable that names the TOML file."""


def _path(text: str) -> Path:
    if not text or "\0" in text:
        raise ValueError("a path is expected")
    return Path(text)


def _count(text: str) -> int:
    if text == "cores":
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text):
        raise ValueError("a whole number from 1 to 9999 is expected, or cores")
    return int(text)


def _seconds(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", text):
        raise ValueError("a number of seconds such as 10 or 0.5 is expected")
    return float(text)


_UNITS = {"": 1, "kB": 1000, "MB": 1000**2, "GB": 1000**3, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}


def _size(text: str) -> int:
    found = re.fullmatch(r"([1-9][0-9]{0,14}) ?(\w*)", text, re.ASCII)
    if not found or found[2] not in _UNITS:
        raise ValueError("a number of bytes such as 5000000, 5MB or 1GiB is expected")
    return int(found[1]) * _UNITS[found[2]]


def _bind(text: str) -> str:
    found = re.fullmatch(r"(?:\[[0-9a-fA-F:.]+\]|[\w.-]+):([0-9]{1,5})|unix:/?[^\0]+", text, re.ASCII)
    if not found or int(found[1] or 0) > 65_535:  # noqa: PLR2004 - ports have 16 bits
        raise ValueError(
            "an address such as 127.0.0.1:8000, [::1]:8000 or unix:/run/pressmark.sock is expected"
        )
    return text


def _language(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2}", text):
        raise ValueError("an ISO 639-1 code such as en is expected")
    return text


def _on_error(text: str) -> str:
    if text not in {"quarantine", "stop"}:
        raise ValueError("quarantine or stop is expected")
    return text


def _switch(text: str) -> str:
    if text not in {"on", "off"}:
        raise ValueError("on or off is expected")
    return text


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(text.split())
    if not all(each == "*" or re.fullmatch(r"https?://[\w.:\[\]-]+", each, re.ASCII) for each in origins):
        raise ValueError("origins such as https://example.org with blanks between them, or *, are expected")
    return origins


def _key(text: str) -> str | None:
    return text or None


def _keys(text: str) -> tuple[str, ...]:
    keys = tuple(text.split())
    if not all(re.fullmatch(r"[A-Za-z0-9._~+/=-]{16,256}", each, re.ASCII) for each in keys):
        raise ValueError(
            "keys of 16 to 256 letters, digits and ._~+/=- are expected, with blanks between them"
        )
    return keys


def _rate(text: str) -> tuple[int, int] | None:
    found = re.fullmatch(r"([1-9][0-9]{0,8})/([smh])", text, re.ASCII)
    if text and not found:
        raise ValueError("requests a second, minute or hour, such as 600/m, are expected")
    return (int(found[1]), {"s": 1, "m": 60, "h": 3600}[found[2]]) if found else None


def _addresses(text: str) -> tuple[str, ...]:
    return tuple(each if each == "unix" else str(ip_address(each)) for each in text.split())


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: ``read`` makes the value of a text and raises ValueError where it cannot.

    ``default`` is such a text, and may name a setting above it in braces.
    """

    name: str
    read: Callable[[str], Any]
    default: str
    meaning: str
    secret: bool = False

    @property
    def env(self) -> str:
        """The environment variable that sets it."""
        return f"PRESSMARK_{self.name.upper()}"

    @property
    def flag(self) -> str:
        """The command line flag that sets it."""
        return "--" + self.name.replace("_", "-")


SETTINGS: tuple[Setting, ...] = (
    Setting("index", _path, "var/index", "the folder of the index"),
    Setting("state", _path, "{index}.state", "the folder that the service writes to, mode 0700"),
    Setting(
        "language", _language, "en", "main language of the archive, for texts whose language is uncertain"
    ),
    Setting("bind", _bind, "127.0.0.1:8000", "where the service listens"),
    Setting("workers", _count, "cores", "processes of the service"),
    Setting("threads", _count, "4", "threads of each process"),
    Setting(
        "cursor_key", _key, "", "key that signs cursors; made by the indexer where none is given", secret=True
    ),
    Setting("origins_allowed", _origins, "", "origins whose pages may read answers in a browser (CORS)"),
    Setting("write_keys", _keys, "", "keys that may write over HTTP; without one, nobody may", secret=True),
    Setting("read_keys", _keys, "", "keys that may read; without one, anybody may", secret=True),
    Setting("rate_limit", _rate, "", "requests that a client may send to each process, such as 600/m"),
    Setting("proxies", _addresses, "", "proxies whose X-Forwarded-For names the client; unix for a socket"),
    Setting("batch_limit", _size, "16MB", "bytes of one request that writes"),
    Setting("inbox_limit", _size, "256MB", "bytes of all writes that wait to be indexed"),
    Setting("follow", _switch, "on", "whether the service empties the inbox of writes itself"),
    Setting("commit_every", _seconds, "1", "least seconds from one commit of the inbox to the next"),
    Setting("jobs", _count, "1", "processes that recover articles; two and more write segments of their own"),
    Setting("on_error", _on_error, "quarantine", "quarantine what cannot be indexed and go on, or stop"),
    Setting("stories", _switch, "on", "whether near-copies of what is indexed are looked for"),
    Setting("memory", _size, "512MiB", "memory that a process that writes takes, whatever the index holds"),
    Setting("lock_timeout", _seconds, "10", "seconds to wait for another writer"),
    Setting("article_limit", _size, "5MB", "bytes of one article, decompressed"),
    Setting("article_seconds", _seconds, "10", "seconds that the recovery of one article may take"),
    Setting("article_memory", _size, "1GiB", "memory that the recovery of one article may take"),
)

_BY_NAME = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force; fields and their meaning are the rows of ``SETTINGS``."""

    index: Path
    state: Path
    language: str
    bind: str
    workers: int
    threads: int
    cursor_key: str | None
    origins_allowed: tuple[str, ...]
    write_keys: tuple[str, ...]
    read_keys: tuple[str, ...]
    rate_limit: tuple[int, int] | None
    proxies: tuple[str, ...]
    batch_limit: int
    inbox_limit: int
    follow: str
    commit_every: float
    jobs: int
    on_error: str
    stories: str
    memory: int
    lock_timeout: float
    article_limit: int
    article_seconds: float
    article_memory: int
    origins: Mapping[str, str] = field(repr=False)

    def origin(self, name: str) -> str:
        """Return where a value came from, such as ``flag --index`` or ``default``."""
        return self.origins[name]

    def shown(self, name: str) -> str:
        """Return a value as text; a secret only as whether it is set."""
        value = getattr(self, name)
        if _BY_NAME[name].secret:
            return "(not shown)" if value else "(not set)"
        if name == "rate_limit":
            return f"{value[0]} in {value[1]} s" if value else "(none)"
        return (" ".join(value) or "(none)") if isinstance(value, tuple) else str(value)


def load(
    flags: Mapping[str, str | None] = MappingProxyType({}),
    *,
    environ: Mapping[str, str] = os.environ,
    folder: Path = Path(),
) -> Settings:
    """Return the settings in force; raise BadSetting for one that has no meaning.

    ``flags`` maps names of settings to what the command line gave (None: not given); an empty
    environment variable counts as not set.
    """
    file, written = _file(environ, folder)
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for setting in SETTINGS:
        places = (
            (flags.get(setting.name), f"flag {setting.flag}"),
            (environ.get(setting.env) or None, f"environment {setting.env}"),
            (written.get(setting.name), f"file {file}"),
            (setting.default.format(**values), "default"),
        )
        text, origin = next((text, origin) for text, origin in places if text is not None)
        try:
            values[setting.name] = setting.read(text)
        except ValueError as error:
            shown = "" if setting.secret else f" {text!r}"
            raise BadSetting(f"{setting.name}{shown} ({origin}): {error}") from None
        origins[setting.name] = origin
    return Settings(**values, origins=MappingProxyType(origins))


def _file(environ: Mapping[str, str], folder: Path) -> tuple[Path | None, Mapping[str, str]]:
    """Return the TOML file in force and what it sets, as text."""
    named = environ.get(CONFIG)
    for path in [Path(named)] if named else [folder / "pressmark.toml", folder / "pyproject.toml"]:
        table = _table(path, required=bool(named))
        if table is not None:
            return path, {name: _text(path, name, value) for name, value in table.items()}
    return None, {}


def _table(path: Path, *, required: bool) -> Mapping[str, object] | None:
    """Return the table of settings in a file, or None where the file or the table is absent."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        if required:
            raise BadSetting(f"{CONFIG}: there is no file {path}") from None
        return None
    except (OSError, ValueError) as error:
        raise BadSetting(f"{path} cannot be read: {error}") from None
    tool = content.get("tool")
    table = tool.get("pressmark") if isinstance(tool, dict) else None
    if table is None and path.name != "pyproject.toml":
        table = {name: value for name, value in content.items() if name != "tool"}
    if table is not None and not isinstance(table, dict):
        raise BadSetting(f"{path}: tool.pressmark is not a table")
    return table


def _text(path: Path, name: str, value: object) -> str:
    """Return a value of the file as it would stand in the environment."""
    if name not in _BY_NAME:
        near = difflib.get_close_matches(name, _BY_NAME, n=1)
        raise BadSetting(f"{path}: there is no setting {name!r}" + (f"; {near[0]} is near" if near else ""))
    if isinstance(value, bool) and _BY_NAME[name].read is _switch:
        return "on" if value else "off"
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise BadSetting(f"{path}: {name} is neither a text nor a number")
    return str(value)
