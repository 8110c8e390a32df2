"""``/v1/speakers``: the people quoted, and one of them under any spelling."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from index.persons import is_full
from search.errors import Fault, SnapshotExpired
from search.http import cursor, representation, target
from search.http.answering import Answer, Question, Resource, answer, parameters, question, took
from search.http.parameters import PEOPLE, PERSON, QUOTES, SEARCH
from search.http.problems import refuse
from search.http.quotes import hit, speaker_link
from search.request import After

if TYPE_CHECKING:
    from collections.abc import Mapping

    import falcon

    from search.directory import Known, Listed
    from search.searcher import Searcher


@dataclass(frozen=True, slots=True)
class People(Resource):
    """``/v1/speakers``."""

    searcher: Searcher
    key: bytes

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer with a page of people."""
        given = parameters(req, PEOPLE, self.key)
        asks = question(PEOPLE, PEOPLE, given, self.key)
        answer(req, resp, asks, self.searcher.generation, lambda: self._made(req, asks, given))

    on_head = on_get

    def _made(self, req: falcon.Request, asks: Question, given: Mapping[str, Any]) -> Answer:
        whole = asks.whole
        try:
            page = self.searcher.speakers(whole.request, whole.full["prefix"])
        except SnapshotExpired as error:
            raise asks.expired(error) from None
        following = None
        if page.next is not None:
            following = cursor.encode(After(page.generation, *page.next), whole.values, self.key, PEOPLE)
        links = asks.links(given, following)
        content = {
            "total": {"value": page.total, "relation": "eq"},
            "took_ms": took(req),
            "generation": page.generation,
            "speakers": [_person(each) for each in page.people],
            "next": following,
            "links": links,
        }
        return Answer(page.generation, content, links)


@dataclass(frozen=True, slots=True)
class Person(Resource):
    """``/v1/speakers/{name}``; the name arrives as it was sent."""

    searcher: Searcher
    key: bytes

    def on_get(self, req: falcon.Request, resp: falcon.Response, name: str) -> None:
        """Answer with what is known of the person."""
        try:
            meant = target.decoded(name)
        except ValueError as error:
            fault = Fault("name", f"The name {error}.", expected="one percent-encoded segment in UTF-8")
            raise refuse("invalid-parameter", fault.detail, fault) from None
        asks = question(PERSON, speaker_link(meant), parameters(req), self.key)
        answer(req, resp, asks, self.searcher.generation, lambda: self._made(req, asks, meant))

    on_head = on_get

    def _made(self, req: falcon.Request, asks: Question, name: str) -> Answer:
        known = self.searcher.speaker(replace(asks.whole.request, limit=_LATEST), name)
        if known is None:
            raise refuse("not-found", "Nobody who is quoted has this name.")
        links = _links(known.listed)
        links["self"] = target.link(links["self"], asks.whole.values) or links["self"]
        content = {**_known(known), "took_ms": took(req), "links": links}
        return Answer(known.generation, content, links)


_LATEST = 5
"""Quotes shown of a person."""


def _known(known: Known) -> dict[str, Any]:
    facets = {name: representation.facet(facet) for name, facet in known.quotes.facets.items()}
    return {
        **_person(known.listed),
        "spellings": [{"value": name, "articles": count} for name, count in known.spellings],
        "roles": [
            {"value": each.value, "articles": each.articles, "outlets": list(each.outlets)}
            for each in known.roles
        ],
        "outlets": facets["outlet"],
        "over_time": facets["date"],
        "latest": [hit(each, marked=False) for each in known.quotes.hits],
        "others": [
            {"id": each.id, "name": each.name, "links": {"self": speaker_link(each.id)}}
            for each in known.others
        ],
        "generation": known.generation,
    }


def _person(listed: Listed) -> dict[str, Any]:
    person = listed.person
    return {
        "id": person.id,
        "name": person.name,
        "spellings": list(person.spellings),
        "articles": listed.articles,
        "stories": listed.stories,
        "quotes": listed.quotes,
        "links": _links(listed),
    }


def _links(listed: Listed) -> dict[str, str]:
    """Return where a person is found, by the id: a name may be two people's."""
    person = listed.person
    wanted = person.name if is_full(person.name) else person.id
    links = {
        "self": speaker_link(person.id),
        "quotes": target.link(QUOTES, {"speaker": (wanted,)}),
        "articles": target.link(SEARCH, {"speaker": (wanted,)}),
    }
    return {name: link for name, link in links.items() if link}
