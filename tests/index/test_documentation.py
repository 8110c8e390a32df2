"""A command, setting, exit code or ending without its place in the README does not exist for a reader."""

import re
from pathlib import Path

from index import cli
from index.settings import CONFIG, SETTINGS
from index.sources import READERS, corrections, files, jsonl

README = (Path(__file__).parents[2] / "index" / "README.md").read_text(encoding="utf-8")


def section(heading):
    return README.split(f"\n## {heading}\n", 1)[1].split("\n## ")[0]


def rows(heading):
    """The tables under a heading: the cells of each row."""
    lines = re.findall(r"^\| (.+) \|$", section(heading), re.MULTILINE)
    return [[cell.strip() for cell in line.split(" | ")] for line in lines]


def test_every_command_has_its_row():
    shown = [row[0].strip("`").split()[0] for row in rows("Commands") if row[0].startswith("`")]
    assert shown == list(cli._COMMANDS)


def test_every_exit_code_has_its_row():
    codes = {cli.DONE, cli.FAILED, cli.USAGE, cli.DAMAGED, cli.LOCKED, cli.CONFIGURATION, cli.INTERRUPTED}
    assert {int(row[0]) for row in rows("Commands") if row[0].isdigit()} == codes


def test_every_setting_has_its_row_with_its_default():
    table = [row for row in rows("Settings") if "PRESSMARK" in row[1]]
    expected = [
        [f"`{each.name}`", f"`{each.env}`", each.default and f"`{each.default}`"] for each in SETTINGS
    ]
    assert [row[:3] for row in table] == expected
    assert f"`{CONFIG}`" in section("Settings")


def test_every_ending_and_key_of_a_source_has_its_row():
    first = " ".join(row[0] for row in rows("Sources"))
    both = section("Sources")
    assert set(READERS) <= set(re.findall(r"`(\.\w+)`", first))
    assert set(jsonl.KEYS) <= set(re.findall(r"`(\w+)`", first))
    assert files.CORRECTIONS in both
    assert files.SPEAKERS in both
    assert all(f"`{field}`" in both for field in corrections.FIELDS)
