"""What a rehearsal asks: every kind of question that a searcher answers."""

import time

import pytest

from index.article import Article, Found, Quote
from index.embedded import open_writer
from search.embedded import EmbeddedSearcher
from search.rehearsal import rehearse
from search.searcher import Searcher

SAID = "the harbour is open again and the ferries run"

AT_ONCE = {"generation", "stats", "cluster"}
"""What only reads what others have made."""


class Noted:
    """Hands questions on to a searcher, and notes their names."""

    def __init__(self, searcher):
        self.searcher, self.asked = searcher, set()

    def __getattr__(self, name):
        self.asked.add(name)
        return getattr(self.searcher, name)


@pytest.fixture
def noted(tmp_path):
    quote = Quote(SAID, 0, len(SAID), "Ann Lee", "Ann Lee", None, "said", "direct", "high")
    speakers = (Found("Ann Lee", confidence="high"),)
    writer = open_writer(tmp_path, language="en")
    writer.put(Article("a", f"{SAID}, said Ann Lee", speakers=speakers, quotes=(quote,)), "build")
    writer.commit()
    return Noted(EmbeddedSearcher(tmp_path))


def test_all_that_a_searcher_answers_is_asked(noted):
    rehearse(noted, "the")
    questions = {name for name in vars(Searcher) if not name.startswith("_")}
    assert noted.asked == questions - AT_ONCE


def test_when_its_time_is_up_nothing_is_asked(noted):
    rehearse(noted, "the", until=time.monotonic_ns())
    assert not noted.asked


def test_an_archive_without_the_word_has_no_fault(noted):
    rehearse(noted, "nowhere")
