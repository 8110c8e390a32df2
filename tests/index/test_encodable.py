"""An article that no answer could show is refused, whichever of its strings it is, and hinders no other."""

from dataclasses import fields, is_dataclass, replace

import orjson
import pytest

from index import edtf, representation
from index.article import Article, Found, Quote, Refused
from index.check import check
from index.crew import ChokedError
from index.crew import put as put_of_a_crew
from index.embedded import articles, open_writer
from index.errors import InvalidArticle, Unwritable

BODY = "“It rained all day,” the minister said on Monday."
WHOLE = Article(
    id="a",
    body=BODY,
    url="https://example.org/a",
    title=Found("Rain", method="supplied", origin="supplied", text="Rain"),
    date=Found(edtf.parse("2021-05"), 42, 48, "relative-weekday", text="Monday"),
    outlet=Found("Press TV", method="supplied", origin="supplied", text="Press TV"),
    language=Found("en", method="supplied", confidence="high"),
    speakers=(Found("Ismail Haniyeh", method="cue", text="Haniyeh"),),
    quotes=(Quote(BODY[1:19], 1, 19, "Ismail Haniyeh", "the minister", (21, 33), "said", "direct", "high"),),
    refused=(Refused("date", "0001-01-01", "year 1"),),
    digest="d1",
)


def spoilt(value):
    """Every copy of a value with a lone surrogate in one of its strings, and the name of that."""
    if isinstance(value, str):
        yield "", f"{value}\ud800"
    elif isinstance(value, tuple):
        for number, each in enumerate(value):
            for name, bad in spoilt(each):
                yield f"[{number}]{name}", (*value[:number], bad, *value[number + 1 :])
    elif is_dataclass(value):
        for field in fields(value):
            for name, bad in spoilt(getattr(value, field.name)):
                yield f".{field.name}{name}", replace(value, **{field.name: bad})


SPOILT = {name.removeprefix("."): bad for name, bad in spoilt(WHOLE)}


def test_the_article_has_strings_in_all_its_fields():
    assert {name.partition(".")[0].partition("[")[0] for name in SPOILT} == {
        field.name for field in fields(Article)
    }
    assert {"body", "title.value", "title.text", "speakers[0].value", "quotes[0].cue", "digest"} <= set(
        SPOILT
    )


def test_a_lone_surrogate_is_refused_in_every_string_and_costs_only_its_article(tmp_path):
    writer = open_writer(tmp_path, language="en", stories=True)
    for name, bad in SPOILT.items():
        with pytest.raises(InvalidArticle) as error:
            writer.put(bad, "add")
        assert error.value.id == bad.id
        assert error.value.reason.startswith(f"{name} has a lone surrogate, at character ")
    writer.put(WHOLE, "add")
    writer.commit()
    assert check(tmp_path) == []
    ((kept, _),) = articles(tmp_path)
    assert kept == WHOLE
    assert orjson.dumps(representation.article(kept))


def test_one_that_is_refused_leaves_the_one_before_as_it_was(tmp_path):
    writer = open_writer(tmp_path, language="en")
    writer.put(WHOLE, "add")
    writer.commit()
    writer = open_writer(tmp_path, language="en")
    with pytest.raises(Unwritable):
        writer.put(replace(WHOLE, body="Snow \ud800"), "add")
    writer.put(replace(WHOLE, id="b"), "add")
    writer.commit()
    assert {kept.id: kept.body for kept, _ in articles(tmp_path)} == {"a": BODY, "b": BODY}


def test_processes_that_write_name_it_as_well(tmp_path):
    made = open_writer(tmp_path, language="en").apart(1)()
    with pytest.raises(ChokedError, match=r"url has a lone surrogate, at character 21") as error:
        put_of_a_crew(made, SPOILT["url"], "add")
    assert error.value.id == "a"
