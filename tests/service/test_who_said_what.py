"""The page of three questions answers as shown: on the seeds, and on a thousand articles if there are any."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service.service import serving
from tests.service.test_readme import BLOCK, CURL, differences

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "search" / "WHO-SAID-WHAT.md").read_text(encoding="utf-8")
LEAST = 3
"""How far a count of the thousand may be from the one shown, or a fifth of it: recovery gets better."""

pytestmark = pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")


def asked(port):
    """Return the commands of the blocks of one port, and the answer below each."""
    found = []
    for _, text, answer in BLOCK.findall(PAGE):
        commands = [line for line in text.splitlines() if CURL.search(line) and f":{port}/" in line]
        found += [(command, answer) for command in commands]
    return found


def run(command, port, shown):
    command = re.sub(r"127\.0\.0\.1:800[01]", f"127.0.0.1:{port}", command)
    done = subprocess.run(["bash", "-c", f"{command} -sSf"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(shown), json.loads(done.stdout)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seeds")
    build(folder, ROOT / "seeds")
    with serving(folder) as service:
        yield service.port


@pytest.fixture(scope="module")
def thousand(tmp_path_factory):
    folder = tmp_path_factory.mktemp("thousand")
    (making,) = [line for line in PAGE.splitlines() if line.startswith("zstd ")]
    subprocess.run(["bash", "-c", making], cwd=folder, check=True)
    build(folder, folder / "news.jsonl")
    with serving(folder) as service:
        yield service.port


def build(folder, source):
    command = [sys.executable, "-m", "index", "build", "--index", folder / "index", source]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize(("command", "shown"), asked(8000))
def test_the_seeds_answer_as_shown(seeds, command, shown):
    shown, answer = run(command, seeds, shown)
    assert differences(shown, answer) == []


@pytest.mark.skipif(
    not os.environ.get("PRESSMARK_DATA"), reason="PRESSMARK_DATA is not set: no thousand articles"
)
@pytest.mark.parametrize(("command", "shown"), asked(8001))
def test_a_thousand_articles_answer_as_shown_but_for_a_few(thousand, command, shown):
    shown, answer = run(command, thousand, shown)
    assert differences(*level(shown, answer)) == []


def level(shown, answer):
    """Return both with the counts of the answer put as shown where they are near."""
    if isinstance(shown, dict) and isinstance(answer, dict):
        near = {key: level(shown[key], answer[key])[1] for key in shown.keys() & answer.keys()}
        return shown, {**answer, **near}
    if isinstance(shown, list) and isinstance(answer, list):
        near = [level(*pair)[1] for pair in zip(shown, answer, strict=False)]
        return shown, [*near, *answer[len(near) :]]
    if isinstance(shown, int) and isinstance(answer, int) and abs(shown - answer) <= max(LEAST, shown / 5):
        return shown, shown
    return shown, answer


def test_both_halves_ask_the_three_questions():
    for port in (8000, 8001):
        commands = " ".join(command for command, _ in asked(port))
        assert "/v1/speakers/" in commands
        assert "/v1/quotes?" in commands
    assert "ran_in" in PAGE
    assert PAGE.count('"changes"') > 1
