"""``/v1/trends``: the articles of a query over time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from search.http import representation
from search.http.answering import Answer, Question, Resource, answer, deadline, parameters, question, took
from search.http.parameters import TRENDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import falcon

    from search.searcher import Searcher
    from search.trends import Series, Trend


@dataclass(frozen=True, slots=True)
class Trends(Resource):
    """``/v1/trends``."""

    searcher: Searcher
    key: bytes

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer with counts by period."""
        asks = question(TRENDS, TRENDS, parameters(req), self.key)
        answer(req, resp, asks, self.searcher.generation, lambda: self._made(req, asks))

    on_head = on_get

    def _made(self, req: falcon.Request, asks: Question) -> Answer:
        whole = asks.whole
        split, share = whole.full["split"], whole.full["measure"] == "share"
        request = replace(whole.request, facets=(split,) if split else (), deadline=deadline(req, whole))
        trend = self.searcher.trend(request, share=share)
        links = asks.links({}, None)
        content = {
            **representation.asked(trend, whole),
            "interval": trend.interval,
            "measure": whole.full["measure"],
            "values": _values(trend, share=share),
            "split": split,
            "series": [_series(one, trend.of, share=share) for one in trend.series],
            "earlier": trend.total
            - sum(bucket.count for bucket in trend.values)
            - trend.imprecise
            - trend.missing,
            "imprecise": trend.imprecise,
            "missing": trend.missing,
            "links": links,
            "took_ms": took(req),
        }
        return Answer(trend.generation, content, links, trend.partial)


def _values(trend: Trend, *, share: bool) -> list[dict[str, Any]]:
    shown = [representation.period(bucket) for bucket in trend.values]
    if not share:
        return shown
    shares = _shares([bucket.count for bucket in trend.values], trend.of)
    return [{**one, "share": part} for one, part in zip(shown, shares, strict=True)]


def _series(series: Series, of: Sequence[int], *, share: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {"value": series.value, "counts": list(series.counts)}
    return {**shown, "shares": _shares(series.counts, of)} if share else shown


def _shares(counts: Sequence[int], of: Sequence[int]) -> list[float | None]:
    """Return what part of all each count is, None where there is nothing.

    >>> _shares([1, 0], [3, 0])
    [0.333333, None]
    """
    return [round(count / all_, 6) if all_ else None for count, all_ in zip(counts, of, strict=True)]
