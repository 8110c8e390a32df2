"""Check finds what no checksum can: a segment that a defect wrote, whole and wrong."""

import dataclasses
import random

import numpy as np
import pytest

from index.article import Article
from index.check import check
from index.codec import commit as commits
from index.codec.arrays import ArrayWriter
from index.codec.commit import FileEntry
from index.codec.kernels import positions_at
from index.embedded import open_writer
from index.errors import NoIndex
from index.generation import Generation
from tests.index.codec.archive import article, commit

DOCUMENTS = 300
NO_JUMPS = np.empty(0, dtype=np.uint32)


@pytest.fixture(scope="module")
def arrays(tmp_path_factory):
    """The arrays of a segment of 300 documents."""
    path = tmp_path_factory.mktemp("sound")
    chance = random.Random(0)
    writer = open_writer(path, language="en", stories=True)
    for number in range(DOCUMENTS):
        writer.put(article(chance, str(number)), "build")
    writer.commit()
    assert check(path) == []
    file = Generation.open(path).segments[0].file.file
    assert all(
        len(file[name]) for name in ("text/impacts", "text/samples", "text/long_at", "speaker/entries")
    )
    return {name: file[name].copy() for name in file.names()}, file.meta


def index_of(path, arrays, meta):
    """Make an index of one segment of these arrays, every checksum right."""
    open_writer(path, language="en").cancel()
    name = "seg-1-0-00000000.arrays"
    with ArrayWriter(path / name) as writer:
        for key, array in arrays.items():
            writer.add(key, array)
        written = writer.close(meta)
    entry = commits.SegmentEntry(FileEntry.of(name, written), meta["documents"])
    commits.write(path, commits.Commit(1, "en", (entry,), 0.0))


def add(name, at, by):
    def change(arrays):
        arrays[name][at] += np.array(by).astype(arrays[name].dtype)

    return change


def swap(name, one, other):
    def change(arrays):
        arrays[name][[one, other]] = arrays[name][[other, one]]

    return change


def cut(name):
    def change(arrays):
        arrays[name] = arrays[name][:-1]

    return change


def busiest(arrays, field):
    """Return the term with the most postings, and where they begin and end."""
    starts = arrays[f"{field}/starts"]
    number = int(np.argmax(np.diff(starts)))
    return number, int(starts[number]), int(starts[number + 1])


def unsorted_documents(arrays):
    _, start, _ = busiest(arrays, "text")
    swap("text/low", start + 3, start + 4)(arrays)


def other_document(arrays):
    """Give a posting to the document before, which lacks the term: its length no longer fits."""
    starts = arrays["text/starts"]
    number = next(
        n for n in range(len(starts) - 1) if starts[n + 1] - starts[n] == 1 and arrays["text/low"][starts[n]]
    )
    arrays["text/low"][starts[number]] -= 1


def without_postings(arrays):
    arrays["text/starts"][1] = 0


def frequency(arrays):
    _, start, end = busiest(arrays, "text")
    at = next(at for at in range(start, end) if arrays["text/tf"][at] < 200)
    arrays["text/tf"][at] += 1


def long_frequency(arrays):
    arrays["text/long_tf"][0] += 3


def other_positions(arrays):
    """Move a position, so that it still ascends and its bytes are as many."""
    number, _, _ = busiest(arrays, "title")
    data, at = arrays["title/bytes"], int(arrays["title/byte_starts"][number])
    assert positions_at(data, at, NO_JUMPS, np.arange(1))[0][-1] >= 1
    data[at] ^= 1


def zero_distance(arrays):
    """Let a posting have the same position twice."""
    number, _, _ = busiest(arrays, "text")
    starts, _ = positions_at(
        arrays["text/bytes"], int(arrays["text/byte_starts"][number]), NO_JUMPS, np.arange(50)
    )
    posting = int(np.argmax(np.diff(starts) >= 2))
    at, bytes_ = int(arrays["text/byte_starts"][number]), arrays["text/bytes"]
    for _ in range(int(starts[posting]) + 1):
        while bytes_[at] >= 128:
            at += 1
        at += 1
    while bytes_[at] >= 128:
        bytes_[at] = 128
        at += 1
    bytes_[at] &= 1


def smaller_impact(arrays):
    arrays["text/impacts"][0] -= 256


def looser_impact(arrays):
    """A bound that nothing reaches is safe, and still not what the format says."""
    arrays["text/impacts"][0] = 254 << 8


def more_shingles(arrays):
    arrays["signatures/shingles"][np.argmax(arrays["signatures/shingles"])] += 1


def unused_value(arrays):
    arrays["language/entries"][:] &= 3


def outlet_level(arrays):
    """Let an outlet have another level that no set has yet, in order."""
    cells = arrays["outlet/cells"]
    cells[0] = cells[0] + 1 if cells[0] < cells.max() else cells[0] - 1


def stored_of_another(arrays):
    """Let the first documents show the articles of those behind them."""
    starts, firsts, blob = arrays["heads/starts"], arrays["heads/firsts"], arrays["heads/blob"]
    first, second = blob[starts[0] : starts[1]], blob[starts[1] : starts[2]]
    arrays["heads/blob"] = np.concatenate([second, first, blob[starts[2] :]])
    starts[1] = len(second)
    firsts[1] = firsts[2] - firsts[1]


def fewer_of_a_block(arrays):
    """Let a block give its last article to the next one."""
    arrays["heads/firsts"][1] -= 1


def title_word_elsewhere(arrays):
    """Rename a title's word to one that no text has, in order."""
    blob = arrays["title/terms/blob"]
    blob[arrays["title/terms/starts"][-1] - 1] ^= 1


DEFECTS = {
    "a term out of order": (swap("text/terms/blob", 0, -1), "text: terms do not ascend"),
    "a dictionary cut": (cut("text/terms/blob"), "text/terms/starts do not divide"),
    "documents out of order": (unsorted_documents, "text: documents of a term do not ascend"),
    "a posting of another document": (other_document, "text: "),
    "a document beyond the last": (add("text/low", 5, 5_000), "text: "),
    "forms of a document beyond the last": (
        add("body_forms/low", -1, 5_000),
        "body_forms: a posting is of a document",
    ),
    "a term without postings": (without_postings, "text: starts do not give each term a posting"),
    "a block that ends early": (add("text/chunk_ends", 3, -1), "text: chunk_ends do not divide"),
    "a block of other documents": (add("text/chunk_blocks", 3, 1), "text: a posting is of a document beyond"),
    "a frequency": (frequency, "text: frequencies are not those of the positions"),
    "a long frequency": (long_frequency, "text: frequencies are not those of the positions"),
    "a long frequency that is short": (add("text/long_tf", 0, -200), "text: a frequency is too small"),
    "a long frequency elsewhere": (add("text/long_at", 0, -1), "text: long_at is not where"),
    "a posting's end": (other_positions, "title: bytes hold the positions of"),
    "a position twice": (zero_distance, "text: positions of a posting do not ascend"),
    "positions cut": (cut("text/bytes"), "text: byte_starts do not divide bytes"),
    "positions of another term": (add("text/byte_starts", 4, 1), "text: byte_starts are not where"),
    "a jump": (add("text/samples", 0, 1), "text: samples do not lead"),
    "an impact too small": (smaller_impact, "text: impacts are not the best"),
    "an impact too large": (looser_impact, "text: impacts are not the best"),
    "an impact missing": (cut("text/impacts"), "text: impacts are not"),
    "a length": (add("title/lengths", 0, 1), "text/lengths are not those of title and body"),
    "a norm": (add("body/norms", 0, 1), "body/norms are not those of body/lengths"),
    "a norm missing": (cut("body/norms"), "body/norms is of 299 documents, not 300"),
    "a body that begins in the title": (
        add("body_begins", slice(None), -1),
        "a position lies between title and body",
    ),
    "an id out of order": (swap("order", 0, 1), "ids do not ascend"),
    "a document twice in the order": (add("order", 0, 1), "order is not an order"),
    "an id": (add("ids/blob", 0, 1), "ids do not ascend"),
    "a title of nobody": (add("titles/cells", slice(None), 1), "titles and their cells are not the same"),
    "a date": (add("dates/first", slice(1, None), -1), "starts is stored as"),
    "a date that ends before it starts": (add("dates/last", slice(None), -1), "a date ends before it starts"),
    "a date's level": (add("dates/levels", -1, 3), "dates/levels has a number without a meaning"),
    "a date of another document": (swap("dates/cells", 0, 1), "date is stored as"),
    "a date of nobody": (add("dates/cells", slice(None), 1), "dates and their cells are not the same"),
    "dates out of order": (swap("dates/blob", 5, -1), "dates do not ascend"),
    "dates cut": (cut("dates/levels"), "dates differ in number"),
    "a level without a meaning": (add("title_levels", 0, 9), "title_levels has a number without a meaning"),
    "an origin without a meaning": (add("origins", 0, 9), "origins has a number without a meaning"),
    "a count of quotes": (add("quotes", 0, 1), "quotes is stored as"),
    "a value of another document": (swap("speaker/cells", 0, 1), "speaker is stored as"),
    "a value without documents": (unused_value, "language: entries and values are not the same"),
    "a value that is none": (add("speaker/entries", 0, 99), "speaker: entries and values are not the same"),
    "a set twice": (swap("speaker/entries", -1, -2), "speaker: sets are not each there once, in order"),
    "a set of nobody": (add("speaker/cells", slice(None), 1), "speaker: cells and sets are not the same"),
    "cells cut": (cut("speaker/cells"), "speaker/cells is of 299 documents, not 300"),
    "a value out of order": (swap("outlet/values/blob", 0, -1), "outlet: values do not ascend"),
    "a level of a value": (outlet_level, "outlet is stored as"),
    "values cut": (cut("outlet/entries"), "outlet: set_starts do not divide"),
    "an article of another document": (stored_of_another, "id is stored as"),
    "a title's word that the text lacks": (title_word_elsewhere, "title: "),
    "a missing article": (cut("heads/starts"), "heads"),
    "a block of no article": (add("bodies/firsts", 1, 5_000), "bodies: firsts do not give each block"),
    "a block too few": (cut("bodies/firsts"), "bodies: firsts do not give each block"),
    "an article too many": (add("heads/firsts", -1, 1), "heads are not of the 300 documents"),
    "an article in another block": (fewer_of_a_block, "heads: a block does not hold the articles"),
    "a quote of another article": (
        add("quoted/article", 0, 1),
        "quotes: article does not lead to each article as often",
    ),
    "a quote of no article": (
        add("quoted/article", -1, 5_000),
        "quotes: article does not lead to the articles",
    ),
    "a quote that ends elsewhere": (add("quoted/ends", 0, 1), "its quotes are not those that are listed"),
    "a quote that ends before it begins": (
        add("quoted/begins", 0, 9),
        "quotes: begins and ends are not in order",
    ),
    "a kind without a meaning": (add("quoted/kinds", 0, 9), "quotes: kinds has a number without a meaning"),
    "a speaker of another quote": (swap("quoted/cells", 0, 1), "its quotes are not those that are listed"),
    "a speaker that is none": (add("quoted/entries", 0, 99), "quotes: entries and values are not the same"),
    "a quote's length": (add("quoted/lengths", 0, 1), "quotes: text: a quote of article"),
    "a quote's word in another": (add("quoted/low", 0, 1), "quotes: text: documents of a term do not ascend"),
    "a print out of order": (swap("quoted/prints", 0, -1), "quotes: prints do not ascend"),
    "a quote twice among the prints": (add("quoted/alike", 0, 1), "quotes: alike is not an order"),
    "a quote's place elsewhere": (swap("quoted/places", 0, 1), "quotes: places do not lead to alike"),
    "a key of another quote": (add("quoted/keyed", 0, 1), "quotes: keys "),
    "a key out of order": (add("quoted/keys", 0, 1), "quotes: keys "),
    "a key cut": (cut("quoted/keys"), "quotes: keyed is of"),
    "quotes cut": (cut("quoted/kinds"), "quotes: kinds is of"),
    "a signature's key": (add("signatures/keys", -1, 1), "signatures: keys are not those of the texts"),
    "a signature of another document": (
        swap("signatures/documents", 0, 1),
        "signatures: keys are not those of the texts",
    ),
    "a document twice in a band": (
        add("signatures/documents", 0, 1),
        "signatures: a band does not have each document once",
    ),
    "a count of shingles": (
        add("signatures/shingles", slice(None), 100),
        "signatures: keys, documents and shingles are not of as many documents",
    ),
    "another count of shingles": (more_shingles, "signatures: shingles are not those of the texts"),
    "signatures cut": (cut("signatures/shingles"), "signatures: keys, documents and shingles are not"),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_of_a_writer_is_found(arrays, tmp_path, defect):
    change, line = DEFECTS[defect]
    changed = {name: array.copy() for name, array in arrays[0].items()}
    change(changed)
    index_of(tmp_path, changed, arrays[1])
    found = check(tmp_path)
    assert any(line in each for each in found), found


def test_the_same_arrays_unchanged_are_sound(arrays, tmp_path):
    index_of(tmp_path, *arrays)
    assert check(tmp_path) == []


def test_an_article_in_two_segments_is_found(tmp_path):
    for _ in range(2):
        writer = open_writer(tmp_path, language="en")
        writer.put(Article(id="a", body="the ceasefire holds"), "add")
        writer.commit()
    last = commits.read(tmp_path, 2)
    first = commits.read(tmp_path, 1)
    commits.write(tmp_path, dataclasses.replace(last, segments=(*last.segments, *first.segments)))
    assert check(tmp_path) == ["id 'a' stands in 2 articles"]


def test_where_there_is_nothing_to_check_it_says_so(tmp_path):
    with pytest.raises(NoIndex):
        check(tmp_path)


def test_kept_generations_are_checked_as_well(tmp_path):
    for _ in range(2):
        commit(tmp_path, 5)
    older = commits.read(tmp_path, 1).segments[0].file.name
    (tmp_path / older).write_bytes((tmp_path / older).read_bytes()[:-1])
    assert any(older in line for line in check(tmp_path))


def test_a_segment_whose_first_part_has_no_title_merges_whole(tmp_path):
    for number in range(4):
        writer = open_writer(tmp_path, language="en")
        for each in range(3):
            made = article(random.Random(number), f"{number}-{each}")
            writer.put(dataclasses.replace(made, title=made.title if number else None), "add")
        writer.commit()
    (segment,) = Generation.open(tmp_path).segments
    assert segment.terms("title")
    assert check(tmp_path) == []
