"""python -m index, on the embedded engine: what is printed, and which exit code says what happened."""

import fcntl
import gzip
import os
import pty
import random
import resource
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import orjson
import pytest

from index import embedded
from index.cli import main
from index.errors import CorruptIndex
from index.generation import Generation
from index.lock import WriteLock
from index.settings import SETTINGS
from tests.service.service import PATIENCE

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A working folder without settings, and an index that is not there yet."""
    for setting in SETTINGS:
        monkeypatch.delenv(setting.env, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capfd):
    """Run a command in this process: exit code, stdout, stderr."""

    def run(*arguments):
        capfd.readouterr()
        try:
            code = main([str(each) for each in arguments])
        except SystemExit as error:
            code = error.code
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return run


def command(*arguments, limits=()):
    """Start a command as a user does, whom no signal finds deaf; ``limits`` are those of its resources."""

    def prepare():
        # A shell's background jobs ignore interrupts, and so would all that tests among them start.
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        for resource_, most in limits:
            resource.setrlimit(resource_, (most, most))

    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    return subprocess.Popen(
        [sys.executable, "-m", "index", *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        preexec_fn=prepare,  # noqa: PLW1509 - it takes no lock that a thread may hold
    )  # fmt: skip


def write(path, **bodies):
    lines = [
        {"id": id_, "body": body, "title": f"Title of {id_}", "language": "en"}
        for id_, body in bodies.items()
    ]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))


def known(index="var/index"):
    return dict(Generation.open(Path(index)).known())


def test_the_seeds_are_built_and_built_again_without_work(run):
    code, out, err = run("build", SEEDS)
    assert (code, err) == (0, "")
    assert "generation 1" in out
    assert sorted(known()) == sorted(path.stem for path in SEEDS.glob("*.txt"))
    code, out, _ = run("build", SEEDS, "--json")
    report = orjson.loads(out)
    assert (code, report["unchanged"], report["added"], report["generation"]) == (0, 5, 0, None)
    code, out, _ = run("stats", "--json")
    assert (code, orjson.loads(out)["documents"]) == (0, 5)
    assert run("stats")[1].splitlines()[1].split() == ["documents", "5"]
    assert run("check") == (0, "var/index is what was written\n", "")
    assert run("check", "--json") == (0, '{"damage":[]}\n', "")


def test_a_mixed_folder_with_broken_files_is_indexed_as_far_as_it_goes(run, home):
    news = home / "news"
    (news / "deep").mkdir(parents=True)
    (news / "deep" / "a.txt").write_text("Ceasefire talks go on in Geneva, the minister said on Monday.")
    (news / "page.html").write_text(
        "<html><head><title>T</title></head><body><p>The talks in Cairo failed.</p></body></html>"
    )
    (news / "wire.jsonl.gz").write_bytes(
        gzip.compress(
            b'{"id": "https://example.org/1?x=y", "body": "One.", "places": [], "date": "0001-01-01"}\n'
            b'{broken\n{"id": "2", "title": "", "body": ""}\n{"id": "3", "text": "Three of them came."}\n'
            b'{"id": "3", "text": "Three others came."}\n'
        )
    )
    (news / "old.txt").write_bytes(
        "Президент заявил в понедельник, что переговоры продолжатся в Женеве.".encode("cp1251")
    )
    (news / "picture.txt").write_bytes(random.Random(5).randbytes(4000))
    (news / "empty.html").write_bytes(b"")
    (news / "cut.warc.gz").write_bytes(gzip.compress(b"WARC/1.0\r\nContent-Length: 99\r\n\r\n")[:30])
    (news / "README.md").write_text("no news")
    (news / "corrections.jsonl").write_text(
        '{"id": "page", "field": "outlet", "value": "Mehr News Agency"}\n'
    )

    code, out, err = run("build", news, "--json", "--anchor", "2021-05-25")
    report = orjson.loads(out)
    assert code == 1
    assert {name: report[name] for name in ("added", "quarantined", "passed_over", "ignored")} == {
        "added": 5, "quarantined": 6, "passed_over": 1, "ignored": {"places": 1},
    }  # fmt: skip
    assert sorted(known()) == ["3", "deep/a", "https://example.org/1?x=y", "old", "page"]
    assert "6 could not be indexed, see " in err
    assert "old.txt: read as cp1251, a guess" in err
    assert "keys that mean nothing here were ignored: places (1)" in err
    entries = [
        orjson.loads(line) for line in (home / "var" / "index.quarantine.jsonl").read_bytes().splitlines()
    ]
    assert sorted(each["place"].removeprefix(f"{news}/") for each in entries) == [
        "cut.warc.gz", "empty.html", "picture.txt", "wire.jsonl.gz:2", "wire.jsonl.gz:3", "wire.jsonl.gz:5",
    ]  # fmt: skip
    assert all(each["reason"] for each in entries)

    code, out, err = run("inspect", news, "--json", "--anchor", "2021-05-25")
    shown = {article["id"]: article for article in map(orjson.loads, out.splitlines())}
    assert code == 1
    assert sorted(shown) == ["3", "deep/a", "https://example.org/1?x=y", "old", "page"]
    assert shown["page"]["provenance"]["outlet"]["method"] == "corrected"
    assert shown["https://example.org/1?x=y"]["provenance"]["refused"][0]["text"] == "0001-01-01"
    assert err.count("\n") == 5 + 2


def test_add_delete_and_what_is_not_there(run, home):
    write(home / "news" / "a.jsonl", a="One.", b="Two.")
    write(home / "more.jsonl", c="Three.")
    run("build", "news")
    assert run("add", "more.jsonl")[0] == 0
    assert {id_: origin for id_, (_, origin) in known().items()} == {"a": "build", "b": "build", "c": "add"}
    code, out, err = run("delete", "c", "x y", "a")
    assert (code, out, err) == (1, "deleted c\ndeleted a\n", "there is no article 'x y'\n")
    assert run("delete", "b", "--json") == (0, '{"deleted":["b"],"missing":[]}\n', "")
    assert known() == {}


def test_inspect_shows_evidence_and_writes_nothing(run, home):
    code, out, err = run("inspect", SEEDS)
    assert (code, err) == (0, "")
    assert "000_ab67899fdbf838f9" in out
    assert "Mehr News Agency  [medium, licence-line, removed]" in out
    assert list(home.iterdir()) == []


def test_no_control_character_reaches_the_terminal(run, home):
    (home / "a.jsonl").write_text(
        '{"id": "a\\u001b[2J", "body": "\\u001b]0;x\\u0007 The minister said so.", "title": "\\u009b1m"}\n'
    )
    code, out, _ = run("inspect", "a.jsonl")
    assert code == 0
    assert all(letter.isprintable() or letter == "\n" for letter in out)


def test_every_setting_is_printed_with_its_origin(run, home, monkeypatch):
    (home / "pressmark.toml").write_text("jobs = 2\n")
    monkeypatch.setenv("PRESSMARK_WORKERS", "3")
    monkeypatch.setenv("PRESSMARK_CURSOR_KEY", "s3cret")
    code, out, _ = run("config", "--index", "here", "--json")
    values = orjson.loads(out)
    assert code == 0
    assert set(values) == {setting.name for setting in SETTINGS}
    assert values["index"] == {"value": "here", "origin": "flag --index"}
    assert values["jobs"] == {"value": "2", "origin": "file pressmark.toml"}
    assert values["workers"] == {"value": "3", "origin": "environment PRESSMARK_WORKERS"}
    assert values["language"] == {"value": "en", "origin": "default"}
    code, out, _ = run("config", "--index", "here")
    assert "index            = here  (flag --index)" in out
    assert "s3cret" not in out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "the following arguments are required: COMMAND"),
        (["rebuild"], 2, "invalid choice: 'rebuild'"),
        (["build"], 2, "the following arguments are required: SOURCE"),
        (["build", ""], 2, "a file or folder has a name"),
        (["build", "nowhere"], 2, "nowhere: No such file or directory"),
        (["build", ".", "notes.md"], 2, "notes.md is not read as news"),
        (["add", "nowhere.txt"], 2, "nowhere.txt: No such file"),
        (["inspect", "notes.md"], 2, "notes.md is not read as news"),
        (["build", ".", "--anchor", "Monday"], 2, "'Monday' is not a day"),
        (["build", ".", "--anchor", "2999-05-24"], 2, "2999-05-24 is still to come"),
        (["build", ".", "--ind", "x"], 2, "unrecognized arguments: --ind x"),
        (["delete", "a"], 2, "there is no index at var/index"),
        (["stats"], 2, "there is no index at var/index"),
        (["check"], 2, "there is no index at var/index"),
        (["build", ".", "--jobs", "none"], 5, "jobs 'none' (flag --jobs)"),
        (["config", "--bind", "nowhere"], 5, "bind 'nowhere' (flag --bind)"),
        (["build", ".", "--index", "notes.md/x"], 1, "notes.md/x: Not a directory"),
    ],
)
def test_an_error_is_one_line_and_a_code_and_nothing_is_written(run, home, arguments, code, words):
    (home / "notes.md").write_text("x")
    (home / "a.txt").write_text("The minister said so.")
    found, out, err = run(*arguments)
    assert (found, out) == (code, "")
    assert words in err.splitlines()[-1]
    assert sorted(each.name for each in home.iterdir()) == ["a.txt", "notes.md"]


def test_on_error_stop_names_the_failure_and_changes_nothing(run, home):
    (home / "a.jsonl").write_text('{"id": "a", "body": "One.", "language": "en"}\n{broken\n')
    code, out, err = run("build", "a.jsonl", "--on-error", "stop")
    assert (code, out) == (1, "")
    assert err.startswith("a.jsonl:2: is not JSON")
    assert run("stats", "--json")[1].startswith('{"generation":0,"documents":0,')


def test_a_damaged_index_is_said_to_be_damaged(run, home):
    run("build", SEEDS)
    index = home / "var" / "index"
    commit = index / f"commit-{embedded.generation(index)}.json"
    commit.write_bytes(b"\0" * commit.stat().st_size)
    with pytest.raises(CorruptIndex):
        embedded.stats(home / "var" / "index")
    for arguments in (["stats"], ["build", SEEDS], ["delete", "x"]):
        code, out, err = run(*arguments)
        assert (code, out, err.count("\n")) == (3, "", 1)
    code, out, _ = run("check")
    assert code == 3
    assert out


def test_a_second_writer_waits_and_names_the_first(run, home):
    run("build", SEEDS)
    lock = WriteLock(home / "var" / "index" / "write.lock", 1.0)
    try:
        code, _, err = run("add", SEEDS, "--lock-timeout", "0.1")
    finally:
        lock.release()
    assert code == 4
    assert f"process {os.getpid()}" in err
    assert run("add", SEEDS)[0] == 0


def test_a_command_interrupted_before_it_was_loaded_says_so(monkeypatch):
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")  # tells each module that is loaded
    process = command("config")
    while "argparse" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.splitlines()[-1]) == (130, "", "interrupted; the index is as it was")
    assert "Traceback" not in err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_build_changes_nothing_and_the_next_one_completes_it(home, run, number):
    write(home / "news" / "a.jsonl", a="One.")
    run("build", "news")
    before = known()
    (home / "news" / "b.jsonl").symlink_to(home / "big.jsonl")
    write(home / "big.jsonl", **{f"n{n}": f"Body number {n} of many." for n in range(60_000)})
    disposition = signal.signal(number, signal.SIG_IGN)  # as where a shell starts the tests in its background
    try:
        process = command("build", "news")
    finally:
        signal.signal(number, disposition)
    while process.poll() is None and not (home / "var" / "index.quarantine.jsonl.new").exists():
        time.sleep(0.01)
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err) == (130, "", "interrupted; the index is as it was\n")
    assert known() == before
    assert not (home / "var" / "index.quarantine.jsonl.new").exists()
    write(home / "big.jsonl", b="Two.")
    assert run("build", "news")[0] == 0
    assert sorted(known()) == ["a", "b"]


def test_a_full_disk_is_one_line_and_the_old_index_stays(home, run):
    write(home / "news" / "a.jsonl", a="One.")
    run("build", "news")
    before = known()
    chance = random.Random(9)  # what is said once cannot be made small: 600 kB take more than the limit
    bodies = {f"n{n}": " ".join(f"{chance.getrandbits(48):x}" for _ in range(300)) for n in range(150)}
    write(home / "news" / "a.jsonl", **bodies)
    process = command("build", "news", limits=[(resource.RLIMIT_FSIZE, 100_000)])
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (1, "")
    assert err.count("\n") == 1
    assert "File too large" in err
    assert known() == before
    assert run("build", "news")[0] == 0
    assert len(known()) == 150


def test_progress_is_for_terminals(home):
    terminal, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    arguments = [sys.executable, "-m", "index", "build", str(SEEDS), "--json"]
    done = subprocess.run(
        arguments, stdout=subprocess.PIPE, stderr=theirs, env=environment, cwd=home, check=True
    )
    os.write(theirs, b"end of it")
    shown = os.read(terminal, 65_536).decode()
    os.close(theirs)
    os.close(terminal)
    assert "build: 0 articles" in shown
    assert orjson.loads(done.stdout)["added"] == 5


def test_whoever_reads_the_results_may_stop():
    process = command("inspect", *[SEEDS] * 40)
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(timeout=PATIENCE) == 0
    process.stderr.close()
