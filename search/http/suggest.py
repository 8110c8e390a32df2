"""``/v1/suggest``: completions of what is being typed, and corrections of what finds little."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from search.http.answering import Answer, Question, Resource, answer, deadline, parameters, question, took
from search.http.parameters import SUGGEST

if TYPE_CHECKING:
    import falcon

    from search.searcher import Searcher


@dataclass(frozen=True, slots=True)
class Suggest(Resource):
    """``/v1/suggest``."""

    searcher: Searcher
    key: bytes

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer with completions and corrections."""
        asks = question(SUGGEST, SUGGEST, parameters(req), self.key)
        answer(req, resp, asks, self.searcher.generation, lambda: self._made(req, asks))

    on_head = on_get

    def _made(self, req: falcon.Request, asks: Question) -> Answer:
        whole = asks.whole
        found = self.searcher.suggest(replace(whole.request, syntax="simple", deadline=deadline(req, whole)))
        links = asks.links({}, None)
        content = {
            "q": whole.request.q,
            "took_ms": took(req),
            "partial": found.partial,
            "generation": found.generation,
            "completions": [
                {"text": each.text, "kind": each.kind, "count": each.count} for each in found.completions
            ],
            "corrections": [{"text": each.text, "total": each.total} for each in found.corrections],
            "links": links,
        }
        return Answer(found.generation, content, links, found.partial)
