"""Every command that the documentation shows runs as shown, against a real service on the seeds."""

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.service.service import serving

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "search/README.md", "search/SYNTAX.md", "index/README.md")
SHOWN = "127.0.0.1:8000"
KEY = "a-key-for-writing"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```\n(?=(?:\s*```json\n(.*?)^```)?)", re.MULTILINE | re.DOTALL)

# What a shell block may hold beside curl: a line of another kind is not run, so it is a mistake.
INDEX = re.compile(r"^(?:\.venv/bin/)?python -m index\b")
SERVE = re.compile(r"^(?:PRESSMARK_\w+=\S+ )*(?:\.venv/bin/)?python -m search\b")
MAKE = re.compile(r"^make( \w+)?(?: [A-Z]+=\S+)*$")
CURL = re.compile(r"^(?:\w+=\$\()?curl ")


@dataclass(frozen=True)
class Block:
    """The commands of a shell block of a page, and the answer shown below it, if any."""

    page: str
    commands: tuple[str, ...]
    answer: str

    def __str__(self):
        return f"{self.page}: {self.commands[0]}"


def blocks():
    for page in PAGES:
        for kind, text, answer in BLOCK.findall((ROOT / page).read_text(encoding="utf-8")):
            if kind in {"sh", "console"}:
                lines = re.sub(r"\\\n\s*", "", text).splitlines()
                yield Block(page, tuple(line for line in lines if line and not line.startswith("#")), answer)


BLOCKS = list(blocks())


def having(pattern):
    return [block for block in BLOCKS if any(pattern.search(command) for command in block.commands)]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A working folder as a checkout has it, with a folder of news in the user's home."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "seeds").symlink_to(ROOT / "seeds")
    (folder / "news").mkdir()
    shutil.copy(ROOT / "seeds" / "002_7743d5883f8a5881.txt", folder / "news" / "diplomat.txt")
    row = {"url": "https://example.org/news/1", "title": "Rain", "body": "It rained.", "date": "2021-05-24"}
    (folder / "news" / "one.jsonl").write_text(json.dumps(row) + "\n")
    (folder / "today.jsonl").write_text(json.dumps(row | {"url": "https://example.org/news/2"}) + "\n")
    return folder


@pytest.fixture(scope="module")
def environment(home):
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PRESSMARK_")}
    return bare | {"HOME": str(home), "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def seeds(home, environment, tmp_path_factory):
    """The address of a service on what `make run` indexes."""
    with indexed(["seeds"], home, environment, tmp_path_factory.mktemp("seeds")) as address:
        yield address


@pytest.fixture(scope="module")
def more(home, environment, tmp_path_factory):
    """The address of a service that also has the article with a URL for an id."""
    with indexed(["seeds", "news/one.jsonl"], home, environment, tmp_path_factory.mktemp("more")) as address:
        yield address


@contextmanager
def indexed(sources, home, environment, folder):
    build = [sys.executable, "-m", "index", "build", "--index", str(folder / "index"), *sources]
    subprocess.run(build, cwd=home, env=environment, check=True, capture_output=True)
    with serving(folder, "--workers", "2", write_keys=KEY) as service:
        service.write(KEY)
        yield f"127.0.0.1:{service.port}"


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
@pytest.mark.parametrize("block", having(CURL), ids=str)
def test_curl_answers_as_shown(block, request, home):
    address = request.getfixturevalue("seeds" if block.page == "README.md" else "more")
    commands = [command.replace(SHOWN, address) for command in block.commands if CURL.search(command)]
    # curl itself, but quiet, and leaving each status behind.
    quiet = 'curl() { command curl --silent --write-out "%{stderr}%{http_code}\\n" "$@"; }'
    script = "\n".join([quiet, "set -eo pipefail", *commands])
    done = subprocess.run(["bash", "-c", script], cwd=home, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    shown = json.loads(block.answer or '{"…": "…"}')
    status = str(shown.get("status", 200))
    assert [each.replace("201", "200") for each in done.stderr.split()] == [status] * len(commands), (
        done.stdout
    )
    answers = list(values(done.stdout))
    assert all(answer["total"]["value"] for answer in answers if "total" in answer), "finds nothing"
    assert [found for answer in answers for found in differences(shown, answer)] == []


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_a_day_of_a_researcher_goes_as_written(seeds, tmp_path):
    page = (ROOT / "search" / "README.md").read_text(encoding="utf-8")
    (script,) = [text for kind, text, _ in BLOCK.findall(page) if kind == "bash"]
    quiet = 'set -euo pipefail; curl() { command curl --silent --fail "$@"; }'
    day = f"{quiet}\n{script.replace(SHOWN, seeds)}"
    done = subprocess.run(["bash", "-c", day], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    everything, narrowed, article, story, similar, quotes, person, trend = values(done.stdout)
    pages = list(values((tmp_path / "pages.json").read_text(encoding="utf-8")))
    ids = [hit["id"] for each in pages for hit in each["hits"]]
    assert len(pages) > 1
    assert len(ids) == len(set(ids)) == everything["total"]["value"] > narrowed["total"]["value"] > 0
    assert article["id"] in {member["id"] for member in story["members"]}
    assert story["diff"]["changes"]
    assert not {hit["id"] for hit in similar["hits"]} & {member["id"] for member in story["members"]}
    assert person["name"] in {hit["speaker"] for hit in quotes["hits"]}
    assert (
        sum(period["count"] for period in trend["values"]) + trend["missing"] == everything["total"]["value"]
    )
    rows = (tmp_path / "gaza.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + narrowed["total"]["value"]


def values(text):
    """The JSON values that follow each other in a text."""
    while text := text.strip():
        value, end = json.JSONDecoder().raw_decode(text)
        yield value
        text = text[end:]


def differences(shown, answer, path="$"):
    """Return where an answer is not as shown: … stands for whatever is left out."""
    if shown == "…":
        return []
    if isinstance(shown, dict) and isinstance(answer, dict):
        keys = shown.keys() - {"…"}
        rest = set() if "…" in shown else answer.keys() - keys
        lost = [f"{path}.{key} is not there" for key in keys - answer.keys()]
        more = [f"{path}.{key} is not shown" for key in rest]
        both = (differences(shown[key], answer[key], f"{path}.{key}") for key in shown if key in answer)
        return [*lost, *more, *(found for one in both for found in one)]
    if isinstance(shown, list) and isinstance(answer, list):
        some = shown[:-1] if shown[-1:] == ["…"] else shown
        if len(some) > len(answer) or (some is shown and len(shown) != len(answer)):
            return [f"{path} has {len(answer)} items"]
        both = (differences(*pair, f"{path}[{n}]") for n, pair in enumerate(zip(some, answer, strict=False)))
        return [found for one in both for found in one]
    if isinstance(shown, str) and isinstance(answer, str) and "…" in shown:
        pattern = ".*".join(map(re.escape, shown.split("…")))
        return [] if re.fullmatch(pattern, answer, re.DOTALL) else [f"{path} is {answer!r}"]
    return [] if shown == answer else [f"{path} is {answer!r}"]


@pytest.mark.parametrize("block", having(INDEX), ids=str)
def test_index_commands_succeed(block, home, environment, tmp_path):
    for command in block.commands:
        if INDEX.search(command):
            line = INDEX.sub(f"{sys.executable} -m index", command)
            settings = environment | {"PRESSMARK_INDEX": str(tmp_path / "index")}
            done = subprocess.run(
                ["bash", "-c", line], cwd=home, env=settings, capture_output=True, check=False
            )
            assert done.returncode == 0, (command, done.stderr.decode())


def test_every_command_is_of_a_kind_that_is_checked():
    kinds = (CURL, INDEX, SERVE, MAKE)
    unknown = [
        command for block in BLOCKS for command in block.commands if not any(k.search(command) for k in kinds)
    ]
    assert unknown == []


def test_every_make_target_shown_exists():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    shown = {target for page in PAGES for target in re.findall(r"`make (\w+)", (ROOT / page).read_text())}
    shown |= {MAKE.match(command)[1].strip() for block in having(MAKE) for command in block.commands}
    assert shown <= targets


def test_every_link_between_pages_leads_to_a_file():
    for page in (*PAGES, "search/WHO-SAID-WHAT.md", "seeds/README.md", "tests/bench/README.md"):
        links = re.findall(r"\]\((?!https?://)([^)#]+)", (ROOT / page).read_text(encoding="utf-8"))
        assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []
