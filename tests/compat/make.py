"""Makes the small index of the current format: ``python -m tests.compat.make``; see README.md."""

import json
import shutil
from datetime import date
from pathlib import Path

from index import edtf
from index.article import Article, Found, Quote
from index.codec.commit import FORMAT
from index.embedded import open_writer
from index.generation import Generation
from search.embedded import EmbeddedSearcher
from search.request import Request

FOLDER = Path(__file__).parent
QUERIES = (
    *(
        "harbour",
        "harbours",
        '"the harbour opens"',
        '"harbour opens"~2',
        "ferr*",
        "harbor~1",
        "hafen",
        "مرفأ",
    ),
    *(
        "storm -ferry",
        "title:storm",
        "outlet:Courier",
        'speaker:"Ada Lind"',
        "has:date",
        "date:[2020 TO 2020-06]",
        "",
    ),
)


_COPIED = "The ferry to the islands runs again from Monday on, twice a day and never on Sundays in winter."


def articles():
    """Return a dozen articles of nobody's, in three languages, with everything that an article can have."""
    said = Quote("It will open.", 26, 39, "Ada Lind", "Lind", (19, 23), "said", "direct", "high")
    texts = {
        "en": [
            "The harbour opens. Lind said: It will open.",
            "A storm kept the ferries in the harbour.",
            "Nothing new.",
        ],
        "de": ["Der Hafen öffnet wieder, sagen die Fähren.", "Im Hafen liegt eine Fähre."],
        "ar": ["المرفأ مفتوح", "مرفأ قديم"],
        "und": ["X Y Z"],
    }
    made = []
    for language, bodies in texts.items():
        for number, body in enumerate(bodies):
            day = date(2020, 1 + len(made), 5)
            made.append(
                Article(
                    id=f"https://news.example/{language}/{number}",
                    body=body,
                    url=f"https://news.example/{language}/{number}",
                    title=Found(f"Storm {number}", 0, 5, "first-line", "high") if number else None,
                    date=Found(edtf.day(day), None, None, "supplied", "medium", "supplied")
                    if number < 2
                    else None,
                    outlet=Found(("Courier", "Herald")[number % 2], confidence="high"),
                    language=Found(language, method="supplied", confidence="high"),
                    speakers=(Found("Ada Lind", confidence="high"),) if "Lind" in body else (),
                    quotes=(said,) if "Lind" in body else (),
                    digest=f"{language}{number}",
                )
            )
    return [
        *made,
        Article(id="often", body="storm " * 300, digest="often"),
        Article(id="old", body="An old storm."),
        Article(id="copied", body=_COPIED),
        Article(id="copy", body=f"{_COPIED} It will run till May."),
    ]


def answers(path):
    """Return query → ids of the hits, sorted: ranking may get better."""
    searcher = EmbeddedSearcher(path)
    found = {query: searcher.search(Request(q=query, limit=100)).hits for query in QUERIES}
    stories = Generation.open(path).stories.stories.values()
    return {query: sorted(hit.entry.id for hit in hits) for query, hits in found.items()} | {
        "stories": sorted([story.id, *(member.id for member in story.members)] for story in stories)
    }


def main():
    """Make the index and what it answers."""
    path = FOLDER / f"format-{FORMAT}"
    shutil.rmtree(path, ignore_errors=True)
    made = articles()
    for part, gone in ((made[:8], []), (made[8:], ["https://news.example/en/2"]), ([], ["old"])):
        writer = open_writer(path / "index", language="en", stories=True)
        for each in part:
            writer.put(each, "build")
        writer.delete(gone)
        writer.commit()
    (path / "index" / "write.lock").unlink()
    for old in (0, 1, 2):
        (path / "index" / f"commit-{old}.json").unlink(missing_ok=True)
    (path / "answers.json").write_text(
        json.dumps(answers(path / "index"), ensure_ascii=False, indent=1) + "\n"
    )


if __name__ == "__main__":
    main()
