"""Linked data says nothing that the vocabulary of schema.org does not allow."""

from datetime import date
from pathlib import Path

import pytest

from index import representation
from index.pipeline import inspect
from index.settings import load
from index.sources import Notes
from index.tasks import Days
from search.http import linked

SEEDS = sorted((Path(__file__).parents[3] / "seeds").glob("*.txt"))

# As schema.org has them: what each type is as well; on what each property may stand, and what it may hold.
KINDS = {
    "NewsArticle": {"Article", "CreativeWork", "Thing"},
    "Quotation": {"CreativeWork", "Thing"},
    "NewsMediaOrganization": {"Organization", "Thing"},
    "Thing": set(),
}
PROPERTIES = {
    "identifier": ({"Thing"}, {"Text"}),
    "url": ({"Thing"}, {"Text"}),
    "name": ({"Thing"}, {"Text"}),
    "headline": ({"CreativeWork"}, {"Text"}),
    "datePublished": ({"CreativeWork"}, {"Text"}),
    "inLanguage": ({"CreativeWork"}, {"Text"}),
    "text": ({"CreativeWork"}, {"Text"}),
    "articleBody": ({"Article"}, {"Text"}),
    "publisher": ({"CreativeWork"}, {"Organization", "Person"}),
    "mentions": ({"CreativeWork"}, {"Thing"}),
    "hasPart": ({"CreativeWork"}, {"CreativeWork"}),
    "spokenByCharacter": ({"Quotation"}, {"Organization", "Person"}),
}


def kinds(node):
    """The types of a value, with those above them; None where it has none."""
    if isinstance(node, str):
        return {"Text"}
    return {node["@type"], *KINDS[node["@type"]]} if "@type" in node else None


def wrong(node):
    """What a node says against the vocabulary; a node without a type may be what its place asks for."""
    here = kinds(node)
    for name, values in node.items():
        if name.startswith("@"):
            continue
        domain, allowed = PROPERTIES[name]
        if here is not None and not domain & here:
            yield f"{name} of {node['@type']}"
        for value in values if isinstance(values, list) else [values]:
            found = kinds(value)
            if found is not None and not allowed & found:
                yield f"{name} is {value}"
            if isinstance(value, dict):
                yield from wrong(value)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_an_article_says_of_itself_what_schema_org_has_words_for(path):
    settings = load({}, environ={}, folder=path.parent)
    [(_, article)] = inspect([path], settings, Days(date(2026, 1, 1)), Notes())
    shown = linked.article(representation.article(article))
    assert list(wrong(shown)) == []
    assert shown["hasPart"]
    assert shown["@context"] == "https://schema.org"
