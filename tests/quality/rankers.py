"""Other BM25s on the judged collections: what ours is measured against, query by query, in the same run."""

import random
import re
import sqlite3
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

import bm25s
import Stemmer
import tantivy

from tests.quality.ranking import DATA, gains, judgements, lines, ndcg10

COLLECTIONS = ("time", "npl", "lisa", "knownitem")


def by_bm25s(documents, queries):
    """Lucene's BM25 with Snowball's English stemmer; with stop words it is worse on all but known items."""
    how = {"stopwords": "en", "stemmer": Stemmer.Stemmer("english"), "show_progress": False}
    ranker = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    ranker.index(bm25s.tokenize(list(documents.values()), **how), show_progress=False)
    ids = list(documents)
    for query, text in queries.items():
        words = bm25s.tokenize([text], return_ids=False, **how)
        found = ranker.retrieve(words, k=10, show_progress=False)[0][0] if words[0] else ()
        yield query, [ids[number] for number in found]


def by_fts5(documents, queries):
    """SQLite's full-text search with Porter's stemmer."""
    base = sqlite3.connect(":memory:")
    base.execute(
        "CREATE VIRTUAL TABLE archive USING fts5(id UNINDEXED, words, tokenize = 'porter unicode61')"
    )
    base.executemany("INSERT INTO archive VALUES (?, ?)", documents.items())
    for query, text in queries.items():
        any_of = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", text.lower()))
        found = base.execute("SELECT id FROM archive WHERE archive MATCH ? ORDER BY rank LIMIT 10", (any_of,))
        yield query, [row[0] for row in found]
    base.close()


def by_tantivy(documents, queries):
    """tantivy with its English stemmer."""
    fields = tantivy.SchemaBuilder()
    fields.add_text_field("id", stored=True, tokenizer_name="raw")
    fields.add_text_field("words", tokenizer_name="en_stem")
    index = tantivy.Index(fields.build())
    writer = index.writer(num_threads=1)
    for id_, text in documents.items():
        writer.add_document(tantivy.Document(id=id_, words=text))
    writer.commit()
    index.reload()
    searcher = index.searcher()
    for query, text in queries.items():
        asked = index.parse_query(" ".join(re.findall(r"\w+", text.lower())), ["words"])
        found = searcher.search(asked, limit=10).hits
        yield query, [searcher.doc(address)["id"][0] for _, address in found]


PEERS = {"bm25s": by_bm25s, "FTS5": by_fts5, "tantivy": by_tantivy}


def compared(name, ours):
    """Return the nDCG@10 of each judged query of a collection, in one order, by ranker.

    That of ours is known: query → nDCG@10.
    """
    folder = Path(DATA) / "ranking" / name
    found = {"pressmark": ours}
    judged = judgements(folder)
    documents = {row["id"]: f"{row['title'] or ''} {row['text']}" for row in lines(folder / "docs.jsonl.zst")}
    texts = {row["id"]: row["text"] for row in lines(folder / "queries.jsonl")}
    queries = {query: texts[query] for query in ours}
    for peer, rank in PEERS.items():
        found[peer] = {query: ndcg10(judged[query], ranked) for query, ranked in rank(documents, queries)}
    return {ranker: [of[query] for query in queries] for ranker, of in found.items()}


def chance(ours, theirs, rounds=5000):
    """Return how likely a mean difference as large is where each query's two figures may change places.

    Source: Smucker, Allan and Carterette, "A comparison of statistical significance tests for information
    retrieval evaluation", CIKM 2007: the paired randomisation test, of both sides.
    """
    rng = random.Random(11)
    differences = [one - other for one, other in zip(ours, theirs, strict=True)]
    least = abs(sum(differences)) - 1e-9
    larger = sum(
        abs(sum(d if rng.getrandbits(1) else -d for d in differences)) >= least for _ in range(rounds)
    )
    return (larger + 1) / (rounds + 1)


def against_best(found):
    """Return the gain over the best peer, as a share, and how likely chance makes as much."""
    best = max(PEERS, key=lambda peer: mean(found[peer]))
    ours = found["pressmark"]
    return mean(ours) / mean(found[best]) - 1, chance(ours, found[best])


def report():
    """Yield the table of mean nDCG@10 by collection and ranker, of both configurations."""
    yield (
        f"{'':10}{'rank':10}"
        + "".join(f"{ranker:>12}" for ranker in ("pressmark", *PEERS))
        + "    gain     p"
    )
    made = {"keyword": [], "deep": []}
    for name in COLLECTIONS:
        with TemporaryDirectory() as folder:
            found = {rank: gains(name, Path(folder) / "index", match="any", rank=rank) for rank in made}
        others = compared(name, found["keyword"])
        for rank, ours in found.items():
            beside = others | {"pressmark": list(ours.values())}
            gain, likely = against_best(beside)
            made[rank].append(gain)
            figures = "".join(f"{mean(of):12.4f}" for of in beside.values())
            yield f"{name:10}{rank:10}{figures}{gain:+8.1%} {likely:5.3f}"
        likely = chance(list(found["deep"].values()), list(found["keyword"].values()))
        yield f"{name:10}deep beside keyword: p {likely:.3f}"
    for rank, each in made.items():
        yield f"{rank}: mean gain over the best of the others {mean(each):+.1%}"
