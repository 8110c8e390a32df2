"""``/v1/articles/{id}/similar``: articles like one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from index.representation import links
from search.errors import SnapshotExpired
from search.http import cursor, representation
from search.http.answering import (
    Answer,
    Question,
    Resource,
    answer,
    article_id,
    deadline,
    parameters,
    question,
    took,
)
from search.http.parameters import SIMILAR
from search.http.problems import refuse
from search.request import After

if TYPE_CHECKING:
    from collections.abc import Mapping

    import falcon

    from search.searcher import Searcher


@dataclass(frozen=True, slots=True)
class Similar(Resource):
    """``/v1/articles/{id}/similar``; the id arrives as it was sent."""

    searcher: Searcher
    key: bytes

    def on_get(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:  # noqa: A002 - the contract's own name
        """Answer with a page of articles."""
        name = article_id(id)
        address = links(name)["self"] + "/similar"
        given = parameters(req, address, self.key)
        asks = question(SIMILAR, address, given, self.key)
        answer(req, resp, asks, self.searcher.generation, lambda: self._made(req, asks, given, name))

    on_head = on_get

    def _made(self, req: falcon.Request, asks: Question, given: Mapping[str, Any], name: str) -> Answer:
        whole = asks.whole
        request = replace(whole.request, sort="relevance", deadline=deadline(req, whole))
        try:
            results = self.searcher.similar(name, request, copies=whole.full["copies"])
        except SnapshotExpired as error:
            raise asks.expired(error) from None
        if results is None:
            raise refuse("not-found", "There is no article with this id.")
        following = None
        if results.next is not None:
            after = After(results.generation, *results.next)
            following = cursor.encode(after, whole.values, self.key, asks.address)
        pages = asks.links(given, following)
        show = partial(representation.hit, fields=whole.fields, include=whole.include)
        content = representation.results(results, whole, following, pages, show)
        content["took_ms"] = took(req)
        return Answer(results.generation, content, pages, results.partial)
