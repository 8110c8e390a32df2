"""A process that builds an index of made up articles, and prints how many bytes it took at most."""

import random
import resource
import sys
from pathlib import Path

from index.article import Article, Found
from index.embedded import open_writer

WORDS = [f"word{number:x}" for number in range(6_000)]


def article(chance, number):
    """Return an article of a passage's length."""
    return Article(
        id=f"https://example.org/archive/{number}",
        body=" ".join(chance.choices(WORDS, k=30)),
        title=Found(" ".join(chance.choices(WORDS, k=8))),
        language=Found("en"),
        speakers=(Found(f"Speaker {chance.randrange(5_000)}"),),
    )


if __name__ == "__main__":
    folder, documents, memory = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    writer = open_writer(folder, language="en", memory=memory)
    chance = random.Random(3)
    for number in range(documents):
        writer.put(article(chance, number), "build")
    writer.commit()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
