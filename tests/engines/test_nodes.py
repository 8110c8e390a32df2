"""Arrays, Whoosh's matchers and brute force agree on every node of ``whoosh.query``.

Random articles, changes, merges and trees.  ``PRESSMARK_RIVALS=all`` asks fifty times as many.
"""

import os
import random

import pytest
from whoosh import query

from index.check import check
from index.embedded import open_writer
from index.generation import Generation
from index.whoosh import open_index
from search.evaluate import evaluate
from search.leaves import Scope
from search.matchers import Ranking, drain
from search.statistics import Statistics
from tests.engines.growth import Grower, article
from tests.engines.trees import Trees

SEEDS = range(250 if os.environ.get("PRESSMARK_RIVALS") == "all" else 5)
TREES = 30
"""Asked after each change."""


def changes(rng, path):
    """Commit random changes; yield, after each, what is alive."""
    alive = {}
    for _ in range(rng.randint(3, 7)):
        writer = open_writer(path, language="en")
        gone = rng.sample(sorted(alive), rng.randrange(len(alive) // 2 + 1))
        assert writer.delete(gone) == gone
        alive = {id_: each for id_, each in alive.items() if id_ not in gone}
        for number in rng.sample(range(60), rng.randrange(1, 14)):
            alive[f"a{number}"] = article(rng, f"a{number}")
            writer.put(alive[f"a{number}"], "add")
        writer.commit()
        yield list(alive.values())


def by_arrays(node, segment, statistics):
    found = evaluate(node, Scope(segment, statistics, segment.passing))
    return found.docs, found.scores


def answers(node, generation, answer):
    """Return id → score over all segments; documents ascend and live."""
    statistics, scores = Statistics(generation), {}
    for segment in generation.segments:
        docs, values = answer(node, segment, statistics)
        assert docs.tolist() == sorted(set(docs.tolist()))
        assert segment.live[docs].all()
        scores |= {
            segment.columns.ids[doc]: value for doc, value in zip(docs.tolist(), values.tolist(), strict=True)
        }
    return scores


def order(scores):
    """Return ids as they are listed; what differs by rounding alone is a tie."""
    return sorted(scores, key=lambda id_: (-float(f"{scores[id_]:.10e}"), id_))


@pytest.mark.parametrize("seed", SEEDS)
def test_arrays_matchers_and_brute_force_agree_on_any_tree(tmp_path, seed):
    rng = random.Random(seed)
    matched = 0
    for alive in changes(rng, tmp_path):
        generation, brute = Generation.open(tmp_path), Trees(alive)
        grower = Grower(rng, brute)
        for _ in range(TREES):
            node = grower.tree()
            expected = brute.scores(node)
            for answer in (by_arrays, drain):
                found = answers(node, generation, answer)
                assert found == pytest.approx(expected, rel=1e-9, abs=1e-12), (answer, node)
                assert order(found) == order(expected), (answer, node)
            matched += bool(expected)
    assert check(tmp_path) == []
    assert matched > TREES


def plain(grower, depth=2):
    """Return a tree of what Whoosh's own searchers get right: of spans they do only by themselves."""
    field = grower.field(spanning=True)
    word, other = (query.Term(field, grower.word(field), boost=grower.boost()) for _ in range(2))
    leaves = [
        word,
        word,
        query.Every(boost=grower.boost()),
        query.Phrase(field, [word.text, other.text], slop=9),
    ]
    if depth == 0 or grower.rng.random() < 0.3:
        return grower.rng.choice(leaves)
    clauses = [plain(grower, depth - 1) for _ in range(grower.rng.randint(2, 4))]
    compounds = [
        query.And(clauses, grower.boost()),
        query.Or(clauses, grower.boost()),
        query.AndMaybe(*clauses[:2]),
    ]
    spans = [
        query.SpanFirst(query.Term("body", grower.word("body")), limit=9),
        query.SpanNear(word, other, slop=4, ordered=False),
        query.SpanOr([word, other]),
    ]
    return grower.rng.choice(compounds if depth == 1 else [*compounds, *spans])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_stock_searcher_with_our_ranking_agrees(tmp_path, seed):
    rng = random.Random(seed)
    *_, alive = changes(rng, tmp_path)
    brute, index = Trees(alive), open_index(tmp_path)
    weighting = Ranking(Statistics(Generation.open(tmp_path)))
    grower = Grower(rng, brute)
    with index.searcher(weighting=weighting) as searcher:
        for _ in range(TREES):
            node = plain(grower)
            expected = brute.scores(node)
            hits = searcher.search(node, limit=None)
            found = {hit["id"]: hit.score for hit in hits}
            assert found == pytest.approx(expected, rel=1e-9), node
            listed = [hit.score for hit in hits]
            assert listed == sorted(listed, reverse=True)
            best = [hit.score for hit in searcher.search(node, limit=3)]
            assert best == pytest.approx(sorted(expected.values(), reverse=True)[:3], rel=1e-9), node
