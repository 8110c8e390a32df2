"""Languages against the gold: articles of five sentences, sentences, and languages that nothing knows."""

from collections import defaultdict
from functools import cache

from index.metadata.language import language
from tests.quality.fit.data import gold

LACKING = frozenset("az be bs eo eu ga hy is ka kk la lg mi mn ms sn sr st tn ts xh yo zu".split(" "))
"""Languages of the gold that langdetect lacks: some have a script or a letter of their own."""
SAME = {"nb": "no", "nn": "no"}
OF_AN_ARTICLE = 5


@cache
def by_code():
    texts = defaultdict(list)
    for row in gold("langid_lingua"):
        if row["kind"] == "sentences":
            texts[row["lang"]].append(row["text"])
    return texts


@cache
def said(*, known):
    """Return (language, what was found) of each sentence in the languages that langdetect knows, or lacks."""
    return [
        (SAME.get(code, code), language(text))
        for code, texts in by_code().items()
        if (code not in LACKING) == known
        for text in texts
    ]


@cache
def of_articles():
    """Return (language, what was found) of five sentences in a row."""
    return [
        (SAME.get(code, code), language(" ".join(texts[n : n + OF_AN_ARTICLE])))
        for code, texts in by_code().items()
        if code not in LACKING
        for n in range(0, len(texts) - OF_AN_ARTICLE + 1, OF_AN_ARTICLE)
    ]


def articles():
    """Share of articles whose language is right; ``und`` is wrong."""
    return sum(found.value == code for code, found in of_articles()) / len(of_articles())


def sentences():
    """Share of answers that are right, and of sentences that are answered: ``und`` is no answer."""
    answered = [(code, found.value) for code, found in said(known=True) if found.value != "und"]
    right = sum(code == value for code, value in answered)
    return right / len(answered), len(answered) / len(said(known=True))


def unknown():
    """Share of sentences in languages that langdetect lacks that are called another."""
    wrong = sum(found.value not in {code, "und"} for code, found in said(known=False))
    return wrong / len(said(known=False))


def levels_of_articles():
    """Yield (level, whether it is right) of each article that is answered."""
    return ((found.confidence, found.value == code) for code, found in of_articles() if found.value != "und")


def levels_of_sentences():
    """Yield (level, whether it is right) of each sentence that is answered, in known languages."""
    return (
        (found.confidence, found.value == code) for code, found in said(known=True) if found.value != "und"
    )
