"""What schemathesis cannot read in an OpenAPI 3.1 document, said in its own terms.

Nothing here excuses an answer: formats, of which JSON Schema only has the names, get values that are of them;
a cursor comes alone, as its description says; a story is one that there is; conditions hold of the article as
it is, and each request has an idempotency key of its own; a target is no longer than 414 says; writes are
waited for, since 202 promises a change and does not yet make it; and QUERY, for which 3.1 has no word and
POST's text has many, becomes the operation that it is from 3.2 on.
"""

import copy
import itertools
import json
import urllib.error
import urllib.request
from urllib.parse import urlencode

import schemathesis
from hypothesis import strategies as st

from tests.service.service import PATIENCE

WORDS = st.sampled_from(["ceasefire", "Gaza", "resistance", "al-Qaddoumi", "حماس", "the", "no", "rockets"])
ATOMS = st.one_of(
    WORDS,
    WORDS.map(lambda word: f"{word[:3]}*" if word.isascii() and len(word) > 3 else word),
    WORDS.map(lambda word: f"{word}~"),
    WORDS.map(lambda word: f"{word}^2"),
    WORDS.map(lambda word: f"speaker:{word}"),
    st.lists(WORDS, min_size=1, max_size=3).map(lambda words: '"' + " ".join(words) + '"'),
    st.lists(WORDS, min_size=2, max_size=3).map(lambda words: '"' + " ".join(words) + '"~5'),
)
QUERIES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " OR ".join(parts) + ")"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " AND ".join(parts) + ")"),
        inner.map(lambda part: f"NOT ({part})"),
    ),
    max_leaves=8,
)
DAYS = st.dates().map(str).filter(lambda day: day[:4] != "0000")
POINTS = st.one_of(DAYS, DAYS.map(lambda day: day[:7]), DAYS.map(lambda day: day[:4]), st.just("201X"))
INTERVALS = st.lists(DAYS, min_size=2, max_size=2).map(lambda pair: "/".join(sorted(pair)))
TEXTS = st.lists(WORDS, min_size=12, max_size=40).map(lambda words: " ".join(words).capitalize() + ".")
LINES = st.lists(TEXTS.map(lambda text: json.dumps({"body": text})), min_size=1, max_size=3)

MEMBERS = ("000_ab67899fdbf838f9", "001_acbe4ea139c54033")
"""Of the one story in the seeds."""

MOST = 4_000
"""Bytes of a target, with room for the method beside it in the 4,094 of a request line."""

NUMBERS = itertools.count()

FORMATS = {
    "query": QUERIES | st.just(""),
    "edtf": st.one_of(POINTS, INTERVALS, DAYS.map("../{}".format), st.just("none")),
    "cursor": st.just("next"),  # put in when the address is known
    "members": st.just(",".join(MEMBERS)),
    "news-text": TEXTS,
    "news-html": TEXTS.map("<html><body><article><p>{}</p></article></body></html>".format),
    "news-lines": LINES.map("\n".join),
    "news-day": DAYS,
    "etags": st.sampled_from(["*", '"0123456789abcdef0123456789abcdef"', 'W/"x", "y"']),
}
for name, strategy in FORMATS.items():
    schemathesis.openapi.format(name, strategy)


@schemathesis.hook
def before_load_schema(context, raw_schema):
    del context
    raw_schema["openapi"] = "3.2.0"
    for item in raw_schema["paths"].values():
        if "QUERY" in item.get("post", {}).get("description", ""):
            item["query"] = copy.deepcopy(item["post"])
            item["query"]["operationId"] += "_safely"
    for item in raw_schema["paths"].values():
        for operation in item.values():
            for parameter in operation.get("parameters", ()) if isinstance(operation, dict) else ():
                if parameter["schema"].get("pattern") == r"^\*$":  # a text that no coverage finds by itself
                    parameter["schema"]["const"] = "*"


def asked(address, **headers):
    """The answer at an address as it is now, or None where there is none."""
    try:
        with urllib.request.urlopen(
            urllib.request.Request(address, headers=headers), timeout=PATIENCE
        ) as answer:
            return answer.headers, json.load(answer)
    except urllib.error.HTTPError:
        return None


def following(address):
    """The cursor of the second page of an address as it is now, or None where there is no such page."""
    found = asked(f"{address}?{'facet_size' if '/facets/' in address else 'limit'}=1")
    return found[1].get("next") if found else None


def conditions(headers, address):
    """Conditions that hold of an article as it is now."""
    found = asked(address)
    headers.pop("If-Match" if found is None else "If-None-Match", None)
    if found and headers.get("If-Match", "*") != "*":
        headers["If-Match"] = found[0]["ETag"]


def within(case):
    """Parameters left out, the longest first, until the target is one that gunicorn reads."""
    while (
        case.query and len(case.as_transport_kwargs()["url"]) + len(urlencode(case.query, doseq=True)) > MOST
    ):
        del case.query[max(case.query, key=lambda name: len(str(case.query[name])))]


@schemathesis.hook
def before_call(context, case, kwargs):
    del context, kwargs
    if not (case.meta is None or case.meta.generation.mode.is_positive):
        return
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = f"{next(NUMBERS)} {case.headers['Idempotency-Key']}"[:255]
    origin = case.operation.base_url.rstrip("/")
    if "/clusters/" in case.path:
        found = asked(f"{origin}/v1/articles/{MEMBERS[0]}")  # unless it was deleted by then
        case.path_parameters["id"] = found[1]["cluster"]["id"] if found else "none"
    address = origin + case.formatted_path
    if case.method in {"POST", "PUT", "DELETE"} and "/articles" in case.path:
        case.query["wait"] = "true"
    if "If-Match" in case.headers or "If-None-Match" in case.headers:
        conditions(case.headers, address)
    for sent in (case.query, case.body):
        if isinstance(sent, dict) and "cursor" in sent:
            found = following(address)
            sent.clear()
            if found:
                sent["cursor"] = found
    within(case)
