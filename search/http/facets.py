"""``/v1/facets/{field}``: all values of a facet under a query, page by page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from index.schema import FACETS
from search.errors import Fault, SnapshotExpired
from search.http import cursor, representation, target
from search.http.answering import Answer, Question, Resource, answer, deadline, parameters, question, took
from search.http.parameters import VALUES
from search.http.problems import refuse
from search.request import After

if TYPE_CHECKING:
    from collections.abc import Mapping

    import falcon

    from search.searcher import Searcher


@dataclass(frozen=True, slots=True)
class Values(Resource):
    """``/v1/facets/{field}``."""

    searcher: Searcher
    key: bytes

    def on_get(self, req: falcon.Request, resp: falcon.Response, field: str) -> None:
        """Answer with a page of values."""
        name = _field(field)
        address = f"/v1/facets/{name}"
        given = parameters(req, address, self.key)
        asks = question(VALUES, address, given, self.key)
        answer(req, resp, asks, self.searcher.generation, lambda: self._made(req, asks, given, name))

    on_head = on_get

    def _made(self, req: falcon.Request, asks: Question, given: Mapping[str, Any], field: str) -> Answer:
        whole = asks.whole
        request = replace(whole.request, facets=(field,), deadline=deadline(req, whole))
        try:
            page = self.searcher.facet(request, whole.full["prefix"])
        except SnapshotExpired as error:
            raise asks.expired(error) from None
        following = None
        if page.next is not None:
            following = cursor.encode(
                After(page.generation, *page.next), whole.values, self.key, asks.address
            )
        links = asks.links(given, following)
        content = {
            **representation.asked(page, whole),
            "field": field,
            **{name: value for name, value in representation.facet(page.facet).items() if name != "other"},
            "distinct": page.distinct,
            "next": following,
            "links": links,
            "took_ms": took(req),
        }
        return Answer(page.generation, content, links, page.partial)


def _field(sent: str) -> str:
    """Return the facet that a part of an address names."""
    try:
        name = target.decoded(sent)
    except ValueError:
        name = ""
    if name not in FACETS:
        fault = Fault("field", "There is no such facet.", expected=", ".join(FACETS))
        raise refuse("unknown-field", fault.detail, fault)
    return name
