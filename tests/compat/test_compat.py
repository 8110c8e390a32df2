"""An index of every version of the format opens, is sound, and answers as it did when it was made."""

import json
import pickle
import shutil
from pathlib import Path

import pytest
from whoosh import fields
from whoosh.index import create_in

from index.check import check
from index.codec.commit import FORMAT
from index.embedded import open_writer, stats
from index.errors import NoIndex
from index.generation import Generation
from index.whoosh import open_index
from search.embedded import EmbeddedSearcher
from search.errors import EngineUnavailable
from search.request import Request
from tests.compat.make import answers, articles

FOLDERS = sorted(Path(__file__).parent.glob("format-*"))


@pytest.fixture(params=FOLDERS, ids=[folder.name for folder in FOLDERS])
def index(request, tmp_path):
    return shutil.copytree(request.param / "index", tmp_path / "index")


def test_the_current_format_is_kept():
    assert f"format-{FORMAT}" in {folder.name for folder in FOLDERS}


def test_it_is_sound_and_holds_what_was_put(index):
    assert check(index) == []
    alive = {each.id: each for each in articles() if each.id not in {"old", "https://news.example/en/2"}}
    generation = Generation.open(index)
    assert {id_: digest for id_, (digest, _) in generation.known().items()} == {
        id_: each.digest for id_, each in alive.items()
    }
    searcher = EmbeddedSearcher(index)
    assert {id_: searcher.article(id_)[1] for id_ in alive} == alive
    assert stats(index).deleted == 2
    assert open_index(index).doc_count() == len(alive)


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_it_answers_as_it_did(folder):
    expected = json.loads((folder / "answers.json").read_text())
    assert any(expected.values())
    assert answers(folder / "index") == expected


def test_it_can_be_added_to(index):
    writer = open_writer(index, language="en")
    for each in articles()[:4]:
        writer.put(each, "add")
    writer.delete(["often"])
    writer.commit()
    assert check(index) == []
    assert "often" not in Generation.open(index).known()


class Crafted:
    """Makes a folder when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.mkdir, (self.path,)


@pytest.mark.parametrize("crafted", [False, True], ids=["as Whoosh made it", "crafted"])
def test_an_index_of_stock_whoosh_is_refused_with_advice_and_never_unpickled(tmp_path, crafted):
    path, ran = tmp_path / "index", tmp_path / "ran"
    path.mkdir()
    made = create_in(path, fields.Schema(id=fields.ID(stored=True)))
    with made.writer() as writer:
        writer.add_document(id="a")
    if crafted:
        for file in path.iterdir():
            file.write_bytes(pickle.dumps(Crafted(ran)))
    before = {file.name: file.read_bytes() for file in path.iterdir()}
    for opened in (Generation.open, open_index, check, stats):
        with pytest.raises(NoIndex, match=r"stock Whoosh.*index build SOURCE"):
            opened(path)
    with pytest.raises(EngineUnavailable, match="build"):
        EmbeddedSearcher(path).search(Request())
    writer = open_writer(path, language="en")
    writer.put(articles()[0], "build")
    writer.commit()
    assert check(path) == []
    assert {name: (path / name).read_bytes() for name in before} == before
    assert not ran.exists()
