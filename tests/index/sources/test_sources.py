"""What the readers make of files: articles in order, named errors, never an exception."""

import gzip
import os
import random
import socket
from datetime import date
from pathlib import Path

import orjson
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import sources
from index.errors import BadSource
from index.sources import Input, NotASource, Notes, Unread

LIMIT = 20_000


def read(*paths, limit=LIMIT, notes=None):
    return list(sources.read(paths, limit=limit, notes=notes or Notes()))


def articles(*paths, **options):
    there = read(*paths, **options)
    assert all(isinstance(each, Input) for each in there), there
    return [each.source for each in there]


def only_error(*paths, **options):
    (error,) = read(*paths, **options)
    assert isinstance(error, BadSource)
    return error


def jsonl(*records):
    return b"".join(orjson.dumps(record) + b"\n" for record in records)


def warc(*pages, packed=False):
    """Return a WARC file of (uri, HTTP headers, payload); where packed each record is a gzip member."""
    records = []
    for uri, headers, payload in pages:
        block = b"HTTP/1.1 " + headers.replace("\n", "\r\n").encode() + b"\r\n\r\n" + payload
        head = (
            f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {uri}\r\n"
            "WARC-Date: 2021-05-24T10:00:00Z\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        record = head.encode() + block + b"\r\n\r\n"
        records.append(gzip.compress(record) if packed else record)
    return b"".join(records)


HTML = "200 OK\nContent-Type: text/html; charset=utf-8"
PAGE = "<html><body><p>Ceasefire in Gaza — said on Monday</p></body></html>".encode()


# Folders, order, ids


def test_a_folder_is_read_in_the_order_of_names_and_ids_are_paths(tmp_path):
    for name in ["b.txt", "a/z.txt", "a/b.c.txt", "a.html", "000_ab67899fdbf838f9.txt", "Ä.TXT", "x.txt.gz"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(gzip.compress(b"text") if name.endswith("gz") else b"text")
    found = articles(tmp_path)
    assert [each.id for each in found] == ["000_ab67899fdbf838f9", "a/b.c", "a/z", "a", "b", "x", "Ä"]
    assert {each.id: each.form for each in found} == {
        **dict.fromkeys(["000_ab67899fdbf838f9", "a/b.c", "a/z", "b", "x", "Ä"], "text"),
        "a": "html",
    }
    assert articles(tmp_path) == found


def test_a_file_named_directly_has_its_stem_for_an_id(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "000_ab.x.txt").write_text("text")
    assert articles(tmp_path / "deep" / "000_ab.x.txt")[0].id == "000_ab.x"


def test_other_files_are_passed_over_in_a_folder_and_counted(tmp_path):
    for name in ["README.md", "LICENSE", "a.pdf", ".hidden.txt", "a.zst", "a.json", "x.quarantine.jsonl"]:
        (tmp_path / name).write_text("no news")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "a.txt").write_text("no news")
    (tmp_path / "a.txt").write_text("news")
    notes = Notes()
    assert [each.id for each in articles(tmp_path, notes=notes)] == ["a"]
    assert notes.passed_over == 8


def test_corrections_and_speakers_are_never_articles(tmp_path):
    for folder in [tmp_path, tmp_path / "below"]:
        folder.mkdir(exist_ok=True)
        (folder / "corrections.jsonl").write_bytes(jsonl({"id": "a", "field": "date", "value": "2021"}))
        (folder / "speakers.jsonl").write_bytes(jsonl({"id": "x", "title": "a name"}))
    (tmp_path / "a.txt").write_text("news")
    notes = Notes()
    found = articles(tmp_path, notes=notes)
    assert [str(each.place).removeprefix(str(tmp_path)) for each in found] == [
        "/a.txt",
        "/below/corrections.jsonl:1",
        "/below/speakers.jsonl:1",
    ]
    assert notes.passed_over == 0


def test_what_cannot_be_a_source_is_refused_before_anything_is_read(tmp_path):
    (tmp_path / "README.md").write_text("x")
    (tmp_path / "a.txt").write_text("x")
    os.mkfifo(tmp_path / "pipe.txt")
    sources.check([tmp_path, tmp_path / "a.txt"])
    for name, reason in [
        ("README.md", "is not read as news"),
        ("missing", "No such file"),
        ("a.txt/b.txt", "Not a directory"),
        ("pipe.txt", "neither a file nor a folder"),
        ("a\0b", "null"),
        ("n" * 300, "too long"),
    ]:
        with pytest.raises(NotASource, match=reason):
            sources.check([tmp_path / "a.txt", tmp_path / name])


def test_odd_things_in_a_folder_are_named_and_the_rest_is_read(tmp_path):
    (tmp_path / "good.txt").write_text("news")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "dead.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "dead.md").symlink_to(tmp_path / "nowhere")
    (tmp_path / "itself.txt").symlink_to(tmp_path / "itself.txt")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "folder.txt" / "inside.txt").write_text("news")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "picture.txt").write_bytes(random.Random(1).randbytes(5000))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s.html"))
        there = read(tmp_path)
    good = [each.source.id for each in there if isinstance(each, Input)]
    bad = {
        each.place.removeprefix(f"{tmp_path}/"): each.reason for each in there if isinstance(each, BadSource)
    }
    assert good == ["folder.txt/inside", "good"]
    assert bad == {
        "dead.txt": "No such file or directory",
        "empty.txt": "is empty",
        "itself.txt": "Too many levels of symbolic links",
        "loop": "is a link back to a folder that it stands in",
        "picture.txt": "is not text",
        "pipe.txt": "is not a regular file",
        "s.html": "is not a regular file",
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_what_may_not_be_read_is_unread(tmp_path):
    (tmp_path / "a.txt").write_text("news")
    (tmp_path / "a.txt").chmod(0)
    assert isinstance(only_error(tmp_path), Unread)


def test_a_name_that_is_not_utf8_is_named(tmp_path):
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(path, "wb") as file:  # noqa: PTH123 - a path of bytes
        file.write(b"news")
    error = only_error(tmp_path)
    assert "not UTF-8" in error.reason
    assert error.place.isprintable()
    Path(os.fsdecode(path)).rename(tmp_path / os.fsdecode(b"caf\xe9.jsonl"))
    (tmp_path / os.fsdecode(b"caf\xe9.jsonl")).write_bytes(jsonl({"id": "a", "body": "x"}))
    (found,) = articles(tmp_path)
    assert str(found.place).isprintable()


def test_a_folder_deeper_than_calls_can_be_nested_is_read(tmp_path):
    folders = [tmp_path / "d"]
    for _ in range(1200):
        folders[-1].mkdir()
        folders.append(folders[-1] / "d")
    file = folders[-2] / "a.txt"
    file.write_text("news")
    (found,) = articles(tmp_path)
    assert len(found.id) == 512
    file.unlink()
    for folder in folders[-2::-1]:  # pytest would remove them with nested calls
        folder.rmdir()


def test_a_folder_without_news_is_unread_rather_than_empty(tmp_path):
    (tmp_path / "README.md").write_text("x")
    assert isinstance(only_error(tmp_path), Unread)


# Plain text and HTML


def test_an_article_over_the_limit_is_named_also_where_it_is_packed(tmp_path):
    (tmp_path / "exact.txt").write_bytes(b"a" * LIMIT)
    assert len(articles(tmp_path)[0].content) == LIMIT
    for name, pack in [("a.txt", bytes), ("a.txt.gz", gzip.compress), ("a.html.zst", zstandard.compress)]:
        (tmp_path / name).write_bytes(pack(b"a" * 10_000_000))
        assert only_error(tmp_path / name).reason == "is larger than 20,000 bytes"


def test_a_page_is_read_in_the_charset_that_it_declares(tmp_path):
    page = "<html><head><meta charset='koi8-r'></head><body>Президент заявил о прекращении огня</body></html>"
    (tmp_path / "a.html").write_bytes(page.encode("koi8-r"))
    (found,) = articles(tmp_path)
    assert (found.form, found.content) == ("html", page)


# Compression


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_members_and_frames_follow_one_another(tmp_path, ending):
    compress = {"gz": gzip.compress, "zst": zstandard.compress}[ending]
    path = tmp_path / f"a.jsonl.{ending}"
    skipped = b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd" if ending == "zst" else b""
    lines = [jsonl({"id": str(n), "body": "x" * 9_000}) for n in range(40)]
    path.write_bytes(
        b"".join(compress(line) + skipped for line in lines[:20]) + compress(b"".join(lines[20:]))
    )
    assert [each.id for each in articles(path)] == [str(n) for n in range(40)]


def test_a_window_of_128_mib_is_read(tmp_path):
    long = zstandard.ZstdCompressionParameters(window_log=27)
    writer = zstandard.ZstdCompressor(compression_params=long).compressobj()
    data = writer.compress(jsonl({"id": "a", "body": "x"})) + writer.flush()
    assert zstandard.get_frame_parameters(data).window_size == 2**27
    (tmp_path / "a.jsonl.zst").write_bytes(data)
    assert [each.id for each in articles(tmp_path)] == ["a"]


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_a_file_cut_off_gives_what_is_whole_and_says_so(tmp_path, ending):
    randomly = random.Random(2)
    compress = {"gz": gzip.compress, "zst": zstandard.compress}[ending]
    data = compress(jsonl(*({"id": str(n), "body": randomly.randbytes(4000).hex()} for n in range(100))))
    path = tmp_path / f"a.jsonl.{ending}"
    path.write_bytes(data[: len(data) // 2])
    *good, bad = read(path)
    assert [each.source.id for each in good] == [str(n) for n in range(len(good))]
    assert 30 < len(good) < 60
    assert isinstance(bad, Unread)
    assert f"behind {len(good)}" in bad.reason


def test_a_damaged_file_is_kept_whole_for_the_quarantine_unless_it_is_larger_than_an_article(tmp_path):
    damaged = gzip.compress(random.Random(1).randbytes(300))[:-20]
    (tmp_path / "a.txt.gz").write_bytes(damaged)
    assert only_error(tmp_path).raw.encode("utf-8", "surrogateescape") == damaged
    (bad,) = sources.read([tmp_path], limit=len(damaged) - 1, notes=Notes())
    assert bad.raw == ""


@pytest.mark.parametrize("name", ["a.txt.gz", "a.txt.zst", "a.jsonl.zst", "a.warc.gz", "a.warc.zst"])
def test_what_is_not_compressed_is_unread(tmp_path, name):
    (tmp_path / name).write_bytes(b"plain text")
    assert isinstance(only_error(tmp_path), Unread)


# JSON lines


def test_every_key_is_read(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(
        jsonl(
            {
                "id": "a/b c?",
                "url": "https://example.org",
                "title": "T",
                "body": "B",
                "date": "2021-05",
                "outlet": "O",
                "speakers": ["A", "", None, "B"],
                "language": "fa",
                "fetched": "2021-05-24T23:59:00-05:00",
            },
            {"id": 12, "text": "raw", "speakers": "One Name", "fetched": "2021-05-24"},
            {"id": "h", "html": "<p>x", "title": "", "url": None, "date": None},
            {"id": "t", "title": "only a title"},
        )
    )
    full, raw, page, bare = articles(tmp_path)
    assert (full.id, full.url, full.title, full.form, full.content) == (
        "a/b c?",
        "https://example.org",
        "T",
        "body",
        "B",
    )
    assert (full.date, full.outlet, full.speakers, full.language) == ("2021-05", "O", ("A", "B"), "fa")
    assert full.fetched == date(2021, 5, 24)
    assert (raw.id, raw.form, raw.content, raw.speakers) == ("12", "text", "raw", ("One Name",))
    assert (page.form, page.content, page.title, page.url, page.date) == ("html", "<p>x", None, None, None)
    assert (bare.form, bare.content, bare.title) == ("body", "", "only a title")


def test_a_line_is_taken_as_body_before_text_before_html_and_other_keys_are_counted(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(
        jsonl(
            {"id": "1", "html": "h", "body": "b", "text": "t", "x": 1},
            {"id": "2", "html": "h", "text": "t", "x": 1},
        )
    )
    notes = Notes()
    assert [each.content for each in articles(tmp_path, notes=notes)] == ["b", "t"]
    assert notes.ignored == {"text": 1, "html": 2, "x": 2}


def test_a_line_without_an_id_has_its_url_or_a_digest_of_its_content(tmp_path):
    long = "https://example.org/" + "a" * 600
    lines = [
        {"url": "https://example.org/a", "body": "x"},
        {"url": long, "body": "x"},
        {"body": "x", "title": "y", "id": None},
        {"title": "y", "id": "", "body": "x", "fetched": "2021-05-24", "unknown": 1},
        {"title": "y", "body": "z"},
    ]
    (tmp_path / "a.jsonl").write_bytes(jsonl(*lines))
    ids = [each.id for each in articles(tmp_path)]
    assert ids[0] == "https://example.org/a"
    assert ids[1].startswith(long[:400])
    assert len(ids[1]) == 512
    assert ids[2] == ids[3] != ids[4]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": "1", "body": ', "is not JSON"),
        (b"[1]", "is not a JSON object"),
        (b"3", "is not a JSON object"),
        (b'{"id": 1.5, "body": "x"}', "id is not a string"),
        (b'{"id": true, "body": "x"}', "id is not a string"),
        (orjson.dumps({"id": "x" * 513, "body": "x"}), "id has 513 characters; 512 are allowed"),
        (b'{"id": "1", "body": ["x"]}', "body is not a string"),
        (b'{"id": "1", "title": {"en": "x"}}', "title is not a string"),
        (b'{"id": "1", "body": "x", "speakers": [1]}', "speakers is not a string"),
        (b'{"id": "1", "body": "x", "fetched": "yesterday"}', "fetched 'yesterday' is not a day"),
        (b'{"id": "1", "body": "x", "fetched": 20210524}', "fetched is not a string"),
        (b'{"id": "1", "body": "\\ud800"}', "is not JSON"),
        (b'{"id": "1", "body": NaN}', "is not JSON"),
        (b"[" * 5000, "is not JSON"),
        (b"\xff\xfe\x00\x00\x01\xd8" * 9, "is not text"),
        (orjson.dumps({"id": "1", "body": "x" * LIMIT, "title": "t"}), "is larger than 20,000 bytes"),
    ],
)
def test_a_bad_line_is_named_with_its_number_and_kept_whole(tmp_path, line, reason):
    path = tmp_path / "a.jsonl"
    path.write_bytes(
        jsonl({"id": "before", "body": "x"}) + b"\n" + line + b"\n" + jsonl({"id": "after", "body": "x"})
    )
    before, bad, after = read(path)
    assert (before.source.id, after.source.id) == ("before", "after")
    assert isinstance(bad, BadSource)
    assert bad.place == f"{path}:3"
    assert reason in bad.reason
    assert bad.raw.encode("utf-8", "surrogateescape") == line


def test_an_id_of_512_characters_is_an_id(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(jsonl({"id": "é" * 512, "body": "x"}))
    assert articles(tmp_path)[0].id == "é" * 512


@pytest.mark.parametrize("value", [20210524, 1.5, True, ["2021"], {"year": 2021}])
def test_a_date_of_any_type_never_costs_the_article(tmp_path, value):
    (tmp_path / "a.jsonl").write_bytes(jsonl({"id": "1", "body": "x", "date": value}))
    assert articles(tmp_path)[0].date == orjson.dumps(value).decode()


def test_a_line_over_its_limit_is_skipped_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(sources.jsonl, "LINE_LIMIT", 1000)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"id": "1"}\n' + b"x" * 5_500 + b"\n" + b'{"id": "3", "body": "y"}\n' + b"z" * 1001)
    first, long, third, last = read(path)
    assert (first.source.id, third.source.id) == ("1", "3")
    assert "longer than 1,000 bytes" in long.reason
    assert last.place == f"{path}:4"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-32-be"])
def test_lines_with_a_byte_order_mark(tmp_path, encoding):
    text = '{"id": "1", "body": "Ankara\'da görüşme 🕊"}\r\n\r\n{"id": "2", "body": "یک\u2028دو"}'
    mark = "" if encoding in {"utf-8-sig", "utf-16", "utf-32"} else "\ufeff"
    (tmp_path / "a.jsonl").write_bytes((mark + text).encode(encoding))
    assert [each.content for each in articles(tmp_path)] == ["Ankara'da görüşme 🕊", "یک\u2028دو"]


def test_lines_in_another_encoding_are_read_with_a_doubt(tmp_path):
    text = "Президент заявил в понедельник, что переговоры о прекращении огня продолжатся в Женеве."
    (tmp_path / "a.jsonl").write_bytes(('{"id": "1", "body": "' + text + '"}\n').encode("cp1251"))
    notes = Notes()
    assert articles(tmp_path, notes=notes)[0].content == text
    assert notes.reports == [f"{tmp_path}/a.jsonl:1: read as cp1251, a guess"]


def test_a_thousand_doubts_and_keys_are_summed_up(tmp_path):
    text = "Президент заявил в понедельник, что переговоры продолжатся в Женеве."
    lines = [orjson.dumps({"id": str(n), f"key{n}": 1}) + b"\n" for n in range(1500)]
    old = [b'{"body": "' + f"{n} {text}".encode("cp1251") + b'"}\n' for n in range(150)]
    (tmp_path / "a.jsonl").write_bytes(b"".join([*lines, *old]))
    notes = Notes()
    assert len(read(tmp_path, notes=notes)) == 1650
    assert len(notes.reports) == 101
    assert notes.reports[-1] == "more doubts like these are not listed"
    assert (len(notes.ignored), notes.ignored["…"]) == (1001, 500)


# WARC


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.zst", "whole.warc.gz"])
def test_the_pages_of_a_warc_file(tmp_path, name):
    data = warc(
        ("https://example.org/1", HTML, PAGE),
        ("https://example.org/gone", "404 Not Found\nContent-Type: text/html", PAGE),
        ("https://example.org/moved", "301 Moved\nContent-Type: text/html", PAGE),
        ("https://example.org/picture", "200 OK\nContent-Type: image/png", b"\x89PNG"),
        (
            "https://example.org/2",
            "200 OK\nContent-Type: Text/HTML\nContent-Encoding: gzip",
            gzip.compress(PAGE),
        ),
        (
            "https://example.org/3",
            "200 OK\nContent-Type: text/plain; charset=cp1251",
            "Мир в Женеве".encode("cp1251"),
        ),
        (
            "https://example.org/4",
            HTML + "\nTransfer-Encoding: chunked",
            b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE),
        ),
        ("https://example.org/" + "5" * 600, HTML, PAGE),
        packed=name == "a.warc.gz",
    )
    pack = {"a.warc.zst": zstandard.compress, "whole.warc.gz": gzip.compress}.get(name, bytes)
    (tmp_path / name).write_bytes(pack(data))
    notes = Notes()
    found = articles(tmp_path, notes=notes)
    assert [each.id[-6:] for each in found[:4]] == [".org/" + n for n in "1234"]
    assert {each.content for each in found} == {PAGE.decode(), "Мир в Женеве"}
    assert [each.form for each in found] == ["html", "html", "text", "html", "html"]
    assert {each.fetched for each in found} == {date(2021, 5, 24)}
    assert found[0].url == found[0].id == "https://example.org/1"
    assert len(found[-1].id) == 512
    assert notes.passed_over == 3


def test_a_broken_record_costs_itself(tmp_path):
    pages = [warc((f"https://example.org/{n}", HTML, PAGE)) for n in range(8)]
    lengthless = pages[1].replace(b"Content-Length", b"Content-Width", 1)
    short = pages[3].replace(b"\r\n\r\nHTTP", b"\r\nX: y\r\n\r\n\r\n\r\nHTTP")
    packed = warc(("https://example.org/5", HTML + "\nContent-Encoding: br", b"\x0b\x02\x80abc\x03"))
    no_http = pages[6].replace(b"HTTP/1.1 200 OK", b"SPDY/9.9 200 OK")
    path = tmp_path / "a.warc"
    path.write_bytes(
        b"".join(
            [
                pages[0],
                lengthless,
                pages[2],
                short,
                b"junk\r\n" * 9,
                pages[4],
                packed,
                no_http,
                pages[7][:-90],
            ]
        )
    )
    there = read(path)
    good = [each.source.id[-1] for each in there if isinstance(each, Input)]
    assert {"0", "2", "4"} <= set(good) <= {"0", "2", "3", "4"}
    bad = [each for each in there if isinstance(each, BadSource)]
    assert all(each.place.startswith(f"{path}:offset ") for each in bad)
    reasons = " | ".join(each.reason for each in bad)
    for words in [
        "without a length",
        "is no WARC record",
        "packed as 'br'",
        "broken HTTP answer",
        "cut off by the end",
    ]:
        assert words in reasons
    assert isinstance(bad[-1], Unread)
    assert f"offset {len(pages[0])}" in bad[0].place


def test_headers_without_an_end_are_given_up(tmp_path):
    page = warc(("https://example.org/1", HTML, PAGE))
    endless = b"WARC/1.1\r\n" + b"X-Header: value\r\n" * 100_000
    (tmp_path / "a.warc").write_bytes(endless + page)
    bad, *rest = read(tmp_path)
    assert "its headers are longer than 1,000,000 bytes" in bad.reason
    assert [each.source.id for each in rest if isinstance(each, Input)] == ["https://example.org/1"]


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_damage_to_one_compressed_record_costs_that_record(tmp_path, ending):
    compress = {"gz": gzip.compress, "zst": zstandard.ZstdCompressor(write_checksum=True).compress}[ending]
    noise = random.Random(4)
    pages = [PAGE + noise.randbytes(30_000).hex().encode() for _ in range(6)]
    parts = [compress(warc((f"https://example.org/{n}", HTML, page))) for n, page in enumerate(pages)]
    hurt = bytearray(parts[2])
    hurt[len(hurt) // 2 : len(hurt) // 2 + 40] = b"\xff" * 40
    cut = parts[4][: len(parts[4]) // 2]
    path = tmp_path / f"a.warc.{ending}"
    path.write_bytes(parts[0] + parts[1] + hurt + parts[3] + cut + parts[5])
    there = read(path, limit=100_000)
    assert [each.source.id[-1] for each in there if isinstance(each, Input)] == list("0135")
    bad = [each for each in there if isinstance(each, BadSource)]
    assert len(bad) >= 2
    assert isinstance(bad[0], Unread)
    assert all(each.place.startswith(f"{path}:offset ") for each in bad)


def test_zeros_between_members_are_no_news(tmp_path):
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(jsonl({"id": "a", "body": "x"})) + b"\0" * 70_000)
    assert [each.id for each in articles(tmp_path)] == ["a"]


def test_a_page_over_the_limit_is_named_also_where_it_is_packed(tmp_path):
    big = b"<p>" + b"a" * 3_000_000
    path = tmp_path / "a.warc"
    path.write_bytes(
        warc(
            ("https://example.org/1", HTML, big),
            ("https://example.org/2", HTML + "\nContent-Encoding: gzip", gzip.compress(big)),
            ("https://example.org/3", HTML, PAGE),
        )
    )
    one, two, three = read(path)
    assert one.reason == two.reason == "is larger than 20,000 bytes"
    assert three.source.id == "https://example.org/3"


# Garbage


ENDINGS = [kind + packed for kind in sources.READERS for packed in ("", ".gz", ".zst")]
PACK = {".gz": lambda data: gzip.compress(data, 1), ".zst": zstandard.compress}
WHOLE = {
    ".warc": warc(
        ("https://example.org/1", HTML, PAGE),
        ("https://example.org/2", HTML + "\nContent-Encoding: gzip", gzip.compress(PAGE)),
    ),
    ".jsonl": jsonl({"id": "1", "body": "x", "fetched": "2021-05-24", "speakers": ["a"]}, {"text": "é"}),
    ".html": b"<?xml version='1.0' encoding='cp1251'?><meta charset=gbk>" + "Мир".encode("cp1251"),
}


def well_formed(each):
    if isinstance(each, BadSource):
        return bool(each.place and each.reason)
    source = each.source
    texts = [source.id, source.content, source.url or "", source.title or ""]
    return 1 <= len(source.id) <= 512 and all(
        text.encode("utf-8", "surrogatepass") is not None for text in texts
    )


@settings(
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ending=st.sampled_from(ENDINGS), data=st.binary(max_size=2000), packed=st.booleans())
def test_any_bytes_are_articles_or_named_errors(tmp_path, ending, data, packed):
    path = tmp_path / f"a{ending}"
    pack = PACK.get(path.suffix, bytes) if packed else bytes
    path.write_bytes(pack(data))
    assert all(well_formed(each) for each in read(path))


@settings(
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    kind=st.sampled_from(sorted(WHOLE)),
    packed=st.sampled_from(["", ".gz", ".zst"]),
    edits=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4), st.integers(0, 6)), max_size=5),
    inside=st.booleans(),
)
def test_a_file_with_flipped_bytes_is_articles_or_named_errors(tmp_path, kind, packed, edits, inside):
    pack = PACK.get(packed, bytes)
    data = bytearray(WHOLE[kind] if inside else pack(WHOLE[kind]))
    for where, new, gone in edits:
        at = int(where * len(data))
        data[at : at + gone] = new
    path = tmp_path / f"a{kind}{packed}"
    path.write_bytes(pack(bytes(data)) if inside else bytes(data))
    assert all(well_formed(each) for each in read(path))


@settings(
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.dictionaries(
        st.sampled_from([*sources.jsonl.KEYS, "other"]),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers(-(2**63), 2**63)
            | st.floats(allow_nan=False, allow_infinity=False)
            | st.text(max_size=9),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
            ),
            max_leaves=5,
        ),
    )
)
def test_any_json_object_is_an_article_or_a_named_error(tmp_path, record):
    path = tmp_path / "a.jsonl"
    path.write_bytes(jsonl(record))
    (each,) = read(path)
    assert well_formed(each)
