"""What an archive knows better, from corrections.jsonl."""

import orjson

from index.sources import Notes, Unread, corrections


def write(folder, *lines):
    folder.mkdir(exist_ok=True)
    (folder / "corrections.jsonl").write_bytes(b"\n".join(orjson.dumps(line) for line in lines))
    return folder


def test_the_last_correction_of_a_field_counts_over_all_folders(tmp_path):
    one = write(
        tmp_path / "one",
        {"id": "a", "field": "date", "value": "2021"},
        {"id": 7, "field": "outlet", "value": "Mehr News Agency"},
        {"id": "a", "field": "date", "value": "2022", "by": "an editor"},
    )
    two = write(tmp_path / "two", {"id": "a", "field": "title", "value": "T"})
    (tmp_path / "three").mkdir()
    (tmp_path / "a.txt").write_text("news")
    found, bad = corrections.read([one, two, tmp_path / "three", tmp_path / "a.txt"], 1000, Notes())
    assert found == {"a": {"date": "2022", "title": "T"}, "7": {"outlet": "Mehr News Agency"}}
    assert bad == []


def test_speakers_are_a_name_or_a_list_of_them_that_may_be_empty(tmp_path):
    folder = write(
        tmp_path / "one",
        {"id": "a", "field": "speakers", "value": ["Ann Lee", " Bob \n Roe"]},
        {"id": "b", "field": "speakers", "value": "Ann Lee"},
        {"id": "c", "field": "speakers", "value": []},
        {"id": "d", "field": "speakers", "value": ["Ann Lee", 7]},
        {"id": "e", "field": "title", "value": ["Ann Lee"]},
    )
    found, bad = corrections.read([folder], 1000, Notes())
    assert {id_: fields["speakers"] for id_, fields in found.items()} == {
        "a": "Ann Lee\nBob Roe",
        "b": "Ann Lee",
        "c": "",
    }
    assert [each.place.rpartition(":")[2] for each in bad] == ["4", "5"]


def test_what_is_no_correction_is_named_with_its_line(tmp_path):
    folder = write(
        tmp_path / "one",
        {"id": "a", "field": "date", "value": "2021"},
        {"id": "a", "field": "body", "value": "x"},
        {"id": None, "field": "date", "value": "2021"},
        {"id": "a", "field": "date", "value": None},
        {"id": "a", "field": "date", "value": " "},
        {"id": "a", "field": ["date"], "value": "x"},
        ["a", "date", "2021"],
    )
    found, bad = corrections.read([folder], 1000, Notes())
    assert found == {"a": {"date": "2021"}}
    assert [each.place.rpartition(":")[2] for each in bad] == list("234567")
    assert orjson.loads(bad[0].raw) == {"id": "a", "field": "body", "value": "x"}


def test_a_broken_line_is_named_and_the_others_count(tmp_path):
    (tmp_path / "corrections.jsonl").write_bytes(
        b'{"id": "a", \n{"id": "a", "field": "title", "value": "T"}\n'
    )
    found, (bad,) = corrections.read([tmp_path], 1000, Notes())
    assert found == {"a": {"title": "T"}}
    assert (bad.place, bad.raw) == (f"{tmp_path}/corrections.jsonl:1", '{"id": "a", ')


def test_a_file_that_cannot_be_read_is_unread(tmp_path):
    (tmp_path / "corrections.jsonl").mkdir()
    found, (bad,) = corrections.read([tmp_path], 1000, Notes())
    assert (found, type(bad)) == ({}, Unread)
