"""Plain Whoosh code runs on an index of ours: recipes of Whoosh's manual, against brute force."""

import time
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from whoosh import highlight, query, scoring, sorting
from whoosh.index import Index
from whoosh.qparser import FuzzyTermPlugin, MultifieldParser, QueryParser

from index import edtf
from index.article import Article, Found
from index.check import check
from index.embedded import open_writer
from index.errors import CorruptIndex, NoIndex
from index.whoosh import open_index

BODIES = [
    "the ceasefire holds in Gaza, mediators say",
    "rockets were fired before the ceasefire",
    "ministers discuss the border and the siege of Gaza",
    "a siege, a blockade: operations go on",
    "the operational plan for border talks",
    "talks about talks; nothing was agreed",
    "prices rise as the harvest fails",
    "résistance and the broken ceasefire talks",
]
OUTLETS = ["Press TV", "Mehr News Agency", None]
LANGUAGES = ["en", "en", "und"]


def article(number):
    body = BODIES[number % len(BODIES)]
    return Article(
        id=f"https://x.example/{number:02}",
        body=f"{body} number{number}",
        title=Found(f"Story {number} on {body.split()[-1]}"),
        date=None
        if number % 7 == 3
        else Found(edtf.day(date(2021, 5, 1) + timedelta(days=number * 11 % 100))),
        outlet=Found(OUTLETS[number % 3]) if OUTLETS[number % 3] else None,
        language=Found(LANGUAGES[number % 3]),
        speakers=(Found("Khaled al-Qaddoumi"), Found("Ismail Haniyeh"))[: number % 3],
    )


ARTICLES = [article(number) for number in range(40)]
GONE = {f"https://x.example/{number:02}" for number in (5, 6, 30)}
ALIVE = {each.id: each for each in ARTICLES if each.id not in GONE}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Three segments, two of them with deleted documents."""
    path = tmp_path_factory.mktemp("index")
    for part, gone in ((ARTICLES[:15], ()), (ARTICLES[15:30], ()), (ARTICLES[30:], GONE)):
        writer = open_writer(path, language="en")
        for each in part:
            if each.id not in gone:
                writer.put(each, "build")
        writer.delete(gone)
        writer.commit()
    assert check(path) == []
    return path


@pytest.fixture(scope="module")
def ix(path):
    return open_index(path)


@pytest.fixture
def searcher(ix):
    with ix.searcher() as searcher:
        yield searcher


def having(*words, among=lambda each: f"{each.title.value} {each.body}"):
    """Return the ids of the articles that have all of these words, as they are written."""
    return {
        id_
        for id_, each in ALIVE.items()
        if set(words) <= set(among(each).replace(",", "").replace(";", "").split())
    }


def body(each):
    return each.body


def ids(results):
    return {hit["id"] for hit in results}


def test_it_is_a_whoosh_index(ix):
    assert isinstance(ix, Index)
    assert ix.doc_count() == len(ALIVE)
    assert ix.doc_count_all() == len(ARTICLES) - 1
    assert not ix.is_empty()
    assert ix.latest_generation() == 3
    assert ix.up_to_date()
    assert ix.refresh() is ix
    assert ix.last_modified() == pytest.approx(time.time(), abs=600)
    assert {"text", "title", "body", "date", "outlet", "language", "speaker", "id"} <= set(ix.schema.names())
    lengths = [len(each.body.split()) for each in ALIVE.values()]
    assert ix.field_length("body") == sum(lengths)
    assert ix.max_field_length("body") == max(lengths)
    with ix.reader() as reader:
        assert not reader.is_atomic()
        assert len(reader.leaf_readers()) == 3
        assert {stored["id"] for _, stored in reader.iter_docs()} == set(ALIVE)


@pytest.mark.parametrize("write", ["writer", "optimize", "delete_by_term", "add_field"])
def test_it_is_written_elsewhere(ix, write):
    arguments = {"delete_by_term": ("id", "x"), "add_field": ("x", None)}.get(write, ())
    with pytest.raises(NotImplementedError, match="open_writer"):
        getattr(ix, write)(*arguments)


def test_a_searcher_is_refreshed_when_a_generation_follows(tmp_path):
    open_writer(tmp_path, language="en").commit()
    ix = open_index(tmp_path)
    assert ix.is_empty()
    with ix.searcher() as empty:
        assert len(empty.search(query.Every())) == 0
    writer = open_writer(tmp_path, language="en")
    writer.put(ARTICLES[0], "add")
    writer.commit()
    assert not ix.up_to_date()
    assert ix.refresh().doc_count() == 1
    with ix.searcher() as searcher:
        assert searcher.up_to_date()
        writer = open_writer(tmp_path, language="en")
        writer.put(ARTICLES[1], "add")
        writer.delete([ARTICLES[0].id])
        writer.commit()
        assert not searcher.up_to_date()
        with searcher.refresh() as newer:
            assert ids(newer.search(query.Every())) == {ARTICLES[1].id}
            assert newer.up_to_date()


def test_where_there_is_no_index_it_says_so(tmp_path):
    with pytest.raises(NoIndex):
        open_index(tmp_path)
    open_writer(tmp_path, language="en").commit()
    (tmp_path / "commit-1.json").write_text("{}")
    with pytest.raises(CorruptIndex):
        open_index(tmp_path)


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("text", "ceasefire", having("ceasefire")),
        ("text", "ceasefire gaza", having("ceasefire", "Gaza")),
        ("text", "ceasefire OR siege", having("ceasefire") | having("siege") | having("siege:")),
        ("body", "ceasefire NOT gaza", having("ceasefire", among=body) - having("Gaza", among=body)),
        ("title", "story", set(ALIVE)),
        ("title", "talks", {id_ for id_, each in ALIVE.items() if each.title.value.endswith("talks")}),
        ("body", '"border talks"', {id_ for id_, each in ALIVE.items() if "border talks" in each.body}),
        (
            "body",
            '"border siege"~4',
            {id_ for id_, each in ALIVE.items() if "border and the siege" in each.body},
        ),
        ("body", '"talks border"', set()),
        ("body_forms", "operatio*", having("operations", among=body) | having("operational", among=body)),
        ("body", "rocket*", having("rockets", among=body)),
        ("body_forms", "op*l", having("operational", among=body)),
        ("body_forms", "minist?rs", having("ministers", among=body)),
        (
            "body_forms",
            "seige~2",
            having("siege", among=body) | {i for i, e in ALIVE.items() if "siege," in e.body},
        ),
        ("body_forms", "nothing*", having("nothing", among=body)),
        (
            "text",
            "outlet:'Press TV'",
            {id_ for id_, each in ALIVE.items() if each.outlet == Found("Press TV")},
        ),
        (
            "text",
            "ceasefire language:und",
            {i for i in having("ceasefire") if ALIVE[i].language.value == "und"},
        ),
        (
            "text",
            "date:20210501",
            {i for i, e in ALIVE.items() if e.date and e.date.value.start == date(2021, 5, 1)},
        ),
        ("text", "date:202106", {i for i, e in ALIVE.items() if e.date and e.date.value.start.month == 6}),
        (
            "text",
            "date:[20210510 TO 20210620]",
            {
                i
                for i, e in ALIVE.items()
                if e.date and date(2021, 5, 10) <= e.date.value.start <= date(2021, 6, 20)
            },
        ),
        (
            "text",
            "date:{20210510 TO 20210620}",
            {
                i
                for i, e in ALIVE.items()
                if e.date and date(2021, 5, 10) < e.date.value.start < date(2021, 6, 20)
            },
        ),
        (
            "text",
            "date:[202106 TO]",
            {i for i, e in ALIVE.items() if e.date and e.date.value.start.month > 5},
        ),
        ("text", "*", set(ALIVE)),
        ("text", "id:'https://x.example/07'", {"https://x.example/07"}),
        ("text", "nowhere", set()),
    ],
)
def test_a_parsed_query_finds_what_brute_force_does(ix, searcher, field, text, expected):
    parser = QueryParser(field, ix.schema)
    parser.add_plugin(FuzzyTermPlugin())
    assert ids(searcher.search(parser.parse(text), limit=None)) == expected
    assert len(searcher.search(parser.parse(text), limit=2)) == len(expected)


def test_several_fields_are_parsed_at_once(ix, searcher):
    found = MultifieldParser(["title", "body"], ix.schema).parse("talks")
    assert ids(searcher.search(found, limit=None)) == {
        id_ for id_, each in ALIVE.items() if "talks" in f"{each.title.value} {each.body}"
    }


def test_a_filter_and_a_mask(searcher):
    every = query.Every()
    english, uncertain = query.Term("language", "en"), query.Term("language", "und")
    assert ids(searcher.search(every, filter=uncertain, limit=None)) == {
        id_ for id_, each in ALIVE.items() if each.language.value == "und"
    }
    assert ids(searcher.search(every, mask=english, limit=None)) == ids(
        searcher.search(every, filter=uncertain, limit=None)
    )
    may = query.DateRange("date", *(datetime.fromisoformat(day) for day in ("2021-05-01", "2021-05-31")))
    assert ids(searcher.search(every, filter=may, limit=None)) == {
        id_ for id_, each in ALIVE.items() if each.date and each.date.value.start.month == 5
    }


def test_positions_of_a_body_begin_with_it(searcher):
    first = query.SpanFirst(query.Term("body", "ceasefir"), limit=1)
    assert ids(searcher.search(first, limit=None)) == {
        id_ for id_, each in ALIVE.items() if "ceasefire" in each.body.split()[:2]
    }


def test_scores_do_not_depend_on_how_many_are_asked_for(searcher):
    found = query.Or([query.Term("body", "ceasefir"), query.Term("body", "talk"), query.Term("body", "gaza")])
    every = [(hit.score, hit["id"]) for hit in searcher.search(found, limit=None)]
    assert every == sorted(every, key=lambda one: -one[0])
    assert [(hit.score, hit["id"]) for hit in searcher.search(found, limit=5)] == every[:5]
    with_tfidf = searcher._ix.searcher(weighting=scoring.TF_IDF())
    assert ids(with_tfidf.search(found, limit=None)) == {id_ for _, id_ in every}


def test_pages(searcher):
    found = [
        hit["id"]
        for number in (1, 2, 3, 4)
        for hit in searcher.search_page(query.Every(), number, pagelen=10)
    ]
    assert sorted(found) == sorted(ALIVE)


def test_highlights_mark_every_form_of_a_word(ix, searcher):
    results = searcher.search(QueryParser("body", ix.schema).parse("talk"), limit=None)
    results.formatter = highlight.UppercaseFormatter()
    for hit in results:
        assert "TALKS" in hit.highlights("body")
        assert "talks" not in hit.highlights("body")
    assert results


@pytest.mark.parametrize("reverse", [False, True])
def test_sorted_by_date_the_undated_come_last(searcher, reverse):
    found = searcher.search(query.Every(), sortedby=sorting.FieldFacet("date", reverse=reverse), limit=None)
    days = [ALIVE[hit["id"]].date for hit in found]
    dated = [day.value.start for day in days if day]
    assert dated == sorted(dated, reverse=reverse)
    assert not any(days[len(dated) :])
    assert len(days) == len(ALIVE)


@pytest.mark.parametrize("field", ["outlet", "id"])
@pytest.mark.parametrize("reverse", [False, True])
def test_sorted_by_a_name(searcher, field, reverse):
    facet = sorting.FieldFacet(field, reverse=reverse)
    found = [hit.get(field, "") for hit in searcher.search(query.Every(), sortedby=facet, limit=None)]
    assert found == sorted(found, reverse=reverse)
    assert len(found) == len(ALIVE)


def test_grouped_by_outlet_and_language(searcher):
    groups = searcher.search(
        query.Every(), groupedby=["outlet", "language"], maptype=sorting.Count, limit=None
    )
    assert groups.groups("language") == Counter(each.language.value for each in ALIVE.values())
    assert groups.groups("outlet") == Counter(
        each.outlet.value if each.outlet else "" for each in ALIVE.values()
    )


def test_grouped_by_day_and_by_every_speaker(searcher):
    found = searcher.search(query.Every(), groupedby="date", maptype=sorting.Count, limit=None).groups("date")
    assert {day and day.date(): count for day, count in found.items()} == Counter(
        each.date.value.start if each.date else None for each in ALIVE.values()
    )
    facet = sorting.FieldFacet("speaker", allow_overlap=True, maptype=sorting.Count)
    speakers = searcher.search(query.Every(), groupedby={"speaker": facet}, limit=None).groups("speaker")
    speakers.pop(None, None)
    assert speakers == Counter(found.value for each in ALIVE.values() for found in each.speakers)


def test_collapsed_to_one_an_outlet(searcher):
    found = searcher.search(query.Term("body", "ceasefir"), collapse="outlet", limit=None)
    expected = Counter(ALIVE[id_].outlet for id_ in having("ceasefire", among=body))
    # Those without an outlet are of no group, and stay.
    assert Counter(hit.get("outlet") for hit in found) == {
        outlet.value if outlet else None: 1 if outlet else count for outlet, count in expected.items()
    }


def test_more_like_this_from_the_stored_text(searcher):
    hit = next(hit for hit in searcher.search(query.Term("body", "harvest"), limit=None))
    alike = hit.more_like_this("body", text=hit["body"], top=8)
    assert {id_.rpartition("/")[2] for id_ in ids(alike)} >= {
        each.id.rpartition("/")[2]
        for each in ALIVE.values()
        if "harvest" in each.body and each.id != hit["id"]
    }
    assert hit["id"] not in ids(alike)


@pytest.mark.parametrize(
    ("wrong", "right"), [("ceasfire", "ceasefire"), ("minsters", "ministers"), ("operatons", "operations")]
)
def test_corrections_are_words_as_they_are_written(ix, searcher, wrong, right):
    assert searcher.suggest("body", wrong, maxdist=2)[0] == right
    parsed = QueryParser("body", ix.schema).parse(wrong)
    assert searcher.correct_query(parsed, wrong).string == right


def test_documents_are_found_by_their_key(searcher):
    assert searcher.document(id="https://x.example/07")["body"].endswith("number7")
    assert searcher.document(id=next(iter(GONE))) is None
    assert searcher.document_number(id="https://x.example/07") is not None


def test_a_term_knows_its_statistics(ix):
    with ix.reader() as reader:
        info = reader.term_info("body", "ceasefir")
        assert info.doc_frequency() == len(having("ceasefire", among=body))
        assert reader.doc_frequency("outlet", "Press TV") == sum(
            each.outlet == Found("Press TV") for each in ALIVE.values()
        )
        words = list(reader.field_terms("body_forms"))
        assert "operational" in words
        assert words == sorted(words)
