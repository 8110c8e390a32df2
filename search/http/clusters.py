"""``/v1/clusters/{id}``: a story with all articles that run it, and what two of them tell differently."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote as percent_encoded

from index import representation as articles
from index.differences import differences
from search.errors import Fault
from search.http import caching, representation, target
from search.http.answering import Resource, not_modified, parameters, send
from search.http.problems import Refused, refuse
from search.http.quotes import change

if TYPE_CHECKING:
    from collections.abc import Mapping

    import falcon

    from search.results import Entry, Telling
    from search.searcher import Searcher


@dataclass(frozen=True, slots=True)
class Clusters(Resource):
    """``/v1/clusters/{id}``; an id that joined another story leads to that one."""

    searcher: Searcher
    key: bytes

    def on_get(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:  # noqa: A002 - the contract's own name
        """Answer with the story."""
        given = parameters(req)
        try:
            found = self.searcher.telling(target.decoded(id))
        except ValueError as error:
            fault = Fault("id", f"The id {error}.", expected="one percent-encoded segment in UTF-8")
            raise refuse("invalid-parameter", fault.detail, fault) from None
        if found is None:
            raise refuse("not-found", "There is no story with this id.")
        tag = caching.tag(self.key, "/v1/clusters", found.generation, found.id, dict(given))
        if caching.unchanged(req, tag):
            return not_modified(resp, tag)
        content = shown(found, given)
        send(resp, content, tag, content["links"])
        return None

    on_head = on_get


def shown(value: Telling, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a story as JSON values; its versions and differences where they are asked for."""
    members = [(entry, "copy") for entry in value.copies]
    if given.get("level") == "version":
        members += [(entry, "version") for entry in value.versions]
    first = value.copies[0]
    here = "/v1/clusters/" + percent_encoded(value.id, safe="")
    outlets = Counter(entry.outlet for entry, _ in members if entry.outlet)
    content = {
        "id": value.id,
        "size": len(value.copies),
        "canonical": first.id,
        "first_seen": articles.date(first.date) if first.date else None,
        "outlets": [
            {"value": name, "count": count}
            for name, count in sorted(outlets.items(), key=lambda x: (-x[1], x[0]))
        ],
        "members": [_member(entry, level) for entry, level in members],
        "generation": value.generation,
        "links": {
            "self": target.link(here, given) or here,
            "articles": target.link("/v1/search", {"q": f"cluster:{value.id}"}),
        },
    }
    if "diff" in given:
        content["diff"] = _compared(given["diff"], {entry.id: entry for entry, _ in members})
    return content


def _member(value: Entry, level: str) -> dict[str, Any]:
    return {**representation.brief(value), "language": value.language, "level": level}


def _compared(asked: str, members: Mapping[str, Entry]) -> dict[str, Any]:
    """Return what was changed between two members; either id may have commas in it."""
    places = [at for at, char in enumerate(asked) if char == ","]
    pairs = [(asked[:at], asked[at + 1 :]) for at in places]
    known = next((pair for pair in pairs if pair[0] in members and pair[1] in members), None)
    if known is None:
        raise _no_members()
    one, other = known
    changes = differences(members[one].article.body, members[other].article.body)
    return {
        "one": one,
        "other": other,
        "changes": [change(each) for each in changes],
    }


def _no_members() -> Refused:
    detail = "diff names what are not two members of this story."
    fault = Fault("diff", detail, expected="the ids of two members, joined by a comma")
    return refuse("invalid-parameter", detail, fault)
