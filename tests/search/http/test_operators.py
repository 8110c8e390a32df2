"""Every operator of the query language has a case that finds something, every token that is a fault one.

What there is to have a case is read out of the grammar and the tables of fields: nothing is listed here.
"""

import json
from pathlib import Path
from urllib.parse import parse_qsl

from lark import Lark, Token
from lark.exceptions import LarkError

from search import syntax
from search.mend import FIELDS
from search.values import HAS

CASES = Path(__file__).parents[2] / "cases"
GRAMMAR = Lark.open(
    "query.lark", rel_to=syntax.__file__, parser="lalr", lexer="basic", start=["query", "faults"]
)

# Rules that only hold others together, and the start symbol of what is never parsed.
INNER = {"negated", "boosted", "clause", "value", "faults"}
RULES = {
    str(rule.alias or rule.origin.name)
    for rule in GRAMMAR.rules
    if not rule.origin.name.startswith("_") and (rule.alias or rule.origin.name not in INNER)
}
FAULTS = {symbol.name for rule in GRAMMAR.rules if rule.origin.name == "faults" for symbol in rule.expansion}
TERMINALS = {one.name for one in GRAMMAR.terminals if not one.name.startswith("_")} - FAULTS


def asked():
    """Each query that a case over HTTP asks and that is answered."""
    for path in sorted(CASES.glob("http-*.json")):
        for first in json.loads(path.read_text(encoding="utf-8"))["cases"]:
            for case in (first, *first.get("then", ())):
                target = case.get("ask") or case.get("send") or case["get"]
                body = case.get("body") if isinstance(case.get("body"), dict) else {}
                sent = dict([*parse_qsl(target.partition("?")[2]), *body.items()])
                if case.get("status", 200) == 200 and sent.get("syntax") != "simple" and "q" in sent:
                    yield sent["q"]


def used(q):
    """The rules, tokens and fields of a query; nothing of one that is no query (a prefix of suggest)."""
    try:
        tree = GRAMMAR.parse(q, start="query")
    except LarkError:
        return set()
    found = set()
    for part in tree.iter_subtrees():
        tokens = [each for each in part.children if isinstance(each, Token)]
        found |= {str(part.data), *(each.type for each in tokens)}
        found |= {f"{part.data} {each.type}" for each in tokens}
        found |= {str(each) for each in tokens if each.type in {"FIELD", "EXACT"}}
        if tokens and tokens[0] == "has:":
            found |= {f"has:{word}" for word in part.scan_values(lambda token: token.type == "WORD")}
    return found


def test_every_rule_token_and_field_of_the_language_is_asked_for_by_a_case():
    there = set().union(*map(used, asked()))
    wanted = RULES | TERMINALS | {f"{name}:" for name in FIELDS} | {f"has:{name}" for name in HAS}
    wanted |= {"phrase TILDE", "exclusion NOT", "exclusion MINUS"}
    assert sorted(wanted - there) == []


def test_every_token_that_is_a_fault_has_a_case():
    cases = json.loads((CASES / "syntax.json").read_text(encoding="utf-8"))
    wrong = [case["query"] for case in cases if "error" in case]
    there = {token.type for q in wrong for token in GRAMMAR.lex(q)}
    assert FAULTS
    assert sorted(FAULTS - there) == []
