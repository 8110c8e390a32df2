"""Queries, cursors and whole requests as nobody means them well: seeded, without end, for every address.

Texts stand close to the language, since what is far from it is refused by the first character.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from search.http.parameters import (
    CLUSTER,
    EXPORT,
    PEOPLE,
    PERSON,
    QUOTES,
    SEARCH,
    SIMILAR,
    SUGGEST,
    TRENDS,
    VALUES,
    known,
)

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Mapping, Sequence

MAX_Q = 2_048
"""Characters of q that every place takes."""

MOST = 4_000
"""Bytes of a target: gunicorn lets through few more."""

ODD = (
    "\0 \x01 \x1c \x7f \x85 \ud800 \udfff \uffff \U0010ffff \ufffd \\ \\\\ "
    "\u202e \u2066 \u200e \u200c \u200d \ufeff \u00ad \u0301 e\u0301 ـ İ ı ß ẞ ǰ ﬃ ﷽ Å ١٢ ² Ⅷ 漢字 "
    "カ\u3099 ไทย 각 "
    'ᄀ שמ"ע حماس 😀 👩\u200d👧 🇮🇷 \u1160 '
    "- -- + && || ! = / // % %00 %zz # ~ ~~ ^ ^^ ' ’ “ ” „ « » ` ; , @ <b>"
).split(" ")
BLANKS = (" ", "  ", "\t", "\n", "\r\n", "\v", "\f", *"\u00a0\u1680\u2003\u2028\u3000\u200b")
SIGNS = '"()[]{}:*?~^-\\'
BEHIND = (
    "~1 ~2 ~0 ~3 ~9 ~-1 ~1.5 ~٢ ~1e9 ~99999999999999999999 ~100 ~101 ^2 ^0 ^-1 ^.5 ^0.5 ^1e308 ^1e999 "
    "^1e-320 ^nan ^inf ^1001 ^٢ ^2^3 ^0002 ^1e ^2~2 ~2^2 * ? *? ** *^2 *~ ^" + "9" * 400
).split()
DAYS = (
    "2020,2021-05,2021-05-21,0000,0001,9999,-0001,10000,2021-02-30,2021-13,2021-5,*,..,none,now,20X1,201X,2021-XX,"
    "2021-2X,2004-06~,2004?,Y170000002,2021-W01,٢٠٢١,2021-05-21T10:00:00Z,156X-12-25,2021/2020,../2020,2020/..,/2020,"
    "2020/,../..,2020/2021,2021-05-21/2021-06-01,2020/2021/2022,[1667;1668],{2020..2021},, 2020 ,/"
).split(",")
NAMES = (
    "title: body: outlet: speaker: speaker:= outlet:= language: date: cluster: has: said: BY: AND OR NOT "
    "ANDNOT ANDMAYBE REQUIRE TO text: id: titel: *:* _all: foo: has:date has:speaker has:x title:= said:= "
    "BY:= speaker:: date:="
).split()
LARGE = (
    '(|)|NOT |-|"|a* |ba* |*a* |?? |bad~2 |bad~1 OR |w OR |a AND |[|\\|x ANDNOT |"a b" |"bab bad"~100 |'
    "said:(|said:bab BY:cek |date:[2020 TO 2021] |title:|^2|~|é|漢|ก|\u0301|a\u200c|(a OR |-(|NOT (|(bab OR |"
    "﷽|ba*a|ba?|speaker:b* |{|a:|a\\ |“|title:(|bab |😀|bab^2 |has:date |bab-|bab'|U.S. |* |\t|b:b "
).split("|")
FAULTS = "% %z %zz %ff %c3 %ed%a0%80 %00 %u1234 %25%30%30 & ; = &&= + # é".split()
"""What a query string may have between its pairs, or in them."""

ADDRESSES: Mapping[str, int] = {
    SEARCH: 8,
    QUOTES: 5,
    VALUES: 3,
    TRENDS: 2,
    SUGGEST: 3,
    EXPORT: 1,
    SIMILAR: 1,
    PEOPLE: 1,
    PERSON: 1,
    CLUSTER: 1,
    "/v1/articles/{id}": 1,
}
"""How often each address is asked."""

WITH_BODY = frozenset({SEARCH, QUOTES})


@dataclass(frozen=True, slots=True)
class Sent:
    """A request, the milliseconds that it may take; whether any query does, whether none may be partial."""

    method: str
    target: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    budget: int = 2_000
    simple: bool = False
    denies: bool = False


@dataclass(frozen=True, slots=True)
class Hostile:
    """A source of requests: ``words`` and ``names`` stand in the archive, ``cursors`` belong to addresses."""

    rng: random.Random
    words: Sequence[str]
    names: Mapping[str, Sequence[str]]
    cursors: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @staticmethod
    def plain(target: str) -> Sent:
        """A request that is meant well."""
        return Sent("GET", target)

    def word(self) -> str:
        """A word of the archive, the beginning of one, or one that is too much."""
        kind = self.rng.random()
        word = self.rng.choice(self.words)
        if kind < 0.8:
            return word
        if kind < 0.95:
            return word[: self.rng.randrange(1, 4)]
        return (word * self.rng.randrange(2, 40))[: self.rng.randrange(1, 80)] + self.rng.choice(("", *ODD))

    def soup(self) -> str:
        """Pieces of the language, side by side."""
        pick = self.rng.choice
        kinds = (self.words, SIGNS, NAMES, ODD, BEHIND, BLANKS)
        chosen = self.rng.choices(kinds, (5, 3, 4, 1, 2, 1), k=self.rng.randrange(1, 30))
        return "".join(pick(kind) + pick(("", " ")) for kind in chosen)

    def tree(self, depth: int = 4) -> str:
        """A query as it is meant."""
        kind = self.rng.randrange(12 if depth else 7)
        if kind < 7:
            return (self.word, self.word, self.pattern, self.phrase, self.field, self.dates, self.said)[
                kind
            ]()
        joints = (" ", " OR ", " AND ", " NOT ", " -", self.rng.choice(BLANKS))
        parts = [self.tree(depth - 1) for _ in range(self.rng.randrange(1, 4))]
        return f"({self.rng.choice(joints).join(parts)}){self.rng.choice(('', '', '^2', *BEHIND))}"

    def pattern(self) -> str:
        """A wildcard or fuzzy word, small or giant."""
        stem = self.word()[: self.rng.randrange(1, 5)]
        if self.rng.random() < 0.3:
            return stem + self.rng.choice(("*a", "?*", "*?", "a?", "*" + stem)) * self.rng.randrange(1, 30)
        return stem + self.rng.choice(("*", "?", "~", *BEHIND))

    def phrase(self) -> str:
        """A phrase, loosened or not, of words or of what is none."""
        parts = [
            self.rng.choice((self.word(), self.word(), self.pattern(), *ODD[:3]))
            for _ in range(self.rng.randrange(6))
        ]
        return '"' + self.rng.choice(BLANKS).join(parts) + '"' + self.rng.choice(("", "~3", *BEHIND))

    def field(self) -> str:
        """A field and a value, of its own or of another."""
        name = self.rng.choice(
            ("title:", "body:", "outlet:", "speaker:", "language:", "has:", "cluster:", *NAMES)
        )
        known = self.names.get(name.rstrip(":="), ())
        value = self.rng.choice(known) if known and self.rng.random() < 0.7 else self.word()
        inside = self.rng.choice(
            (f'"{value}"', value, f"({value} OR title:{self.word()})", f"({name}{value})")
        )
        return name + inside

    def dates(self) -> str:
        """A range of dates, in order or not, possible or not."""
        ends = self.rng.choice(DAYS), self.rng.choice(DAYS)
        shape = self.rng.choice(
            (
                "date:[{} TO {}]",
                "date:[{} TO {}]",
                "date:{}",
                "date:{{{} TO {}}}",
                "date:[{} TO",
                "[{} TO {}]",
            )
        )
        return shape.format(*ends)

    def said(self) -> str:
        """Words inside quotes, and who said them."""
        words = self.rng.choice(
            (self.word(), self.phrase(), self.pattern(), self.field(), f"NOT {self.word()}", "said:x")
        )
        name = self.rng.choice((*self.names.get("speaker", ("x",)), self.word(), "b*", ""))
        by = self.rng.choice(
            ("", f' BY:"{name}"', f" BY:{name}", f" BY:({name} OR {name})", " BY:", f" BY:={name}")
        )
        return self.rng.choice(
            ("said:({}){}", "said:({}){}", "said:{}{}", "-said:({}){}", "(said:({})){}")
        ).format(words, by)

    def broken(self) -> str:
        """A query as it is meant, with some of its characters lost, doubled or swapped."""
        text = list(self.tree())
        for _ in range(self.rng.randrange(1, 4)):
            at = self.rng.randrange(len(text) + 1)
            new = self.rng.choice(([], [self.rng.choice(SIGNS)], [self.rng.choice(ODD)], text[at : at + 3]))
            text[at : at + self.rng.randrange(2)] = new
        return "".join(text)

    def large(self) -> str:
        """Much of one thing, up to all that a body may have."""
        one = self.rng.choice(LARGE)
        text = one * self.rng.choice((3, 30, 300, 16_384 // len(one)))
        head = self.rng.choice(("", self.word() + " ", "title:", '"', "("))
        return (head + text)[: self.rng.choice((2_048, 16_384, 16_385))]

    def noise(self) -> str:
        """Characters of any kind."""
        top = self.rng.choice((0x7F, 0x7FF, 0xFFFF, 0x10FFFF))
        return "".join(chr(self.rng.randrange(top)) for _ in range(self.rng.randrange(60)))

    def query(self) -> str:
        """A query of any of these kinds."""
        kinds: tuple[Callable[[], str], ...] = (self.soup, self.tree, self.broken, self.large, self.noise)
        return self.rng.choices(kinds, (4, 5, 4, 1, 1))[0]()

    def cursor(self, address: str) -> str:
        """A cursor as it was made, made for another address, changed, or never made."""
        own = self.cursors.get(address, ())
        text = self.rng.choice([each for some in self.cursors.values() for each in some])
        kind = self.rng.randrange(7)
        if kind < 2:
            return self.rng.choice(own) if own and kind else text
        at = self.rng.randrange(len(text))
        if kind == 2:
            return text[:at] + self.rng.choice("Aa0-_=%.é\0\ud800\n ") + text[at + self.rng.randrange(2) :]
        if kind == 3:
            raw = bytearray(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            raw[self.rng.randrange(len(raw))] ^= 1 << self.rng.randrange(8)
            return base64.urlsafe_b64encode(raw).decode().rstrip("=")
        if kind == 4:
            return text[:at] + self.rng.choice((text, text[at:] + "=", text[::-1], ""))
        if kind == 5:
            return base64.urlsafe_b64encode(self.rng.randbytes(self.rng.randrange(200))).decode()
        return self.noise()

    def value(self, name: str, parameter: Any) -> Any:
        """A value of a parameter: one that it may have, or one that it may not."""
        pick = self.rng.choice
        if self.rng.random() < 0.04:
            return pick(
                (
                    *ODD,
                    None,
                    True,
                    0,
                    -1,
                    1.5,
                    10.0,
                    1e300,
                    10**30,
                    [],
                    {},
                    ["x"],
                    [[]],
                    {"q": 1},
                    "",
                    "x" * 600,
                )
            )
        if name == "timeout_ms":
            return pick((10, 10, 50, 300, 2_000))
        if name == "q":
            return self.query()
        if parameter.choices:
            return (
                pick(parameter.choices)
                if parameter.type == "choice"
                else ",".join(self.rng.sample(parameter.choices, 2))
            )
        if parameter.type == "integer":
            return pick((parameter.least, parameter.most, 2, 3, parameter.least - 1, parameter.most + 1))
        if parameter.type == "boolean":
            return pick((True, False))
        if parameter.type == "half-life":
            return pick(("1d", "99999y", "30d", "0d", "1h"))
        if parameter.type == "date":
            return pick(DAYS)
        if name == "diff":
            return f"{pick(self.names['id'])},{pick((*self.names['id'], self.word()))}"
        return pick(("", "-")) + pick((*self.names.get(name, ()), self.word(), self.word()[:1]))

    def requests(self) -> Iterator[Sent]:
        """Requests without end."""
        while True:
            sent = self.one()
            if len(sent.target) <= MOST:
                yield sent

    def one(self) -> Sent:
        """A request."""
        endpoint = self.rng.choices(tuple(ADDRESSES), tuple(ADDRESSES.values()))[0]
        address = self.address(endpoint)
        table = known(endpoint)
        pairs: list[tuple[str, Any]] = []
        if "cursor" in table and self.rng.random() < 0.25:
            pairs.append(("cursor", self.cursor(address)))
        elif "q" in table:
            pairs.append(("q", self.query()))
        if "syntax" in table and self.rng.random() < 0.3:
            pairs.append(("syntax", "simple"))
        share = self.rng.choice((0.0, 0.05, 0.15))
        others = [name for name in table if name not in {"cursor", "q", "syntax"}]
        pairs += [(name, self.value(name, table[name])) for name in others if self.rng.random() < share]
        if self.rng.random() < 0.03:
            pairs.append(self.rng.choice((("Q", "x"), ("offset", 3), (self.word(), ""), *pairs[:1])))
        values = dict(pairs)
        any_query = endpoint == SUGGEST or values.get("syntax") == "simple"
        told = {
            "simple": any_query and len(str(values.get("q", ""))) <= MAX_Q,
            "denies": values.get("partial") == "deny",
        }
        budget = values.get("timeout_ms", 2_000)
        if type(budget) is not int or not 10 <= budget <= 10_000:
            budget = 10_000 if endpoint == EXPORT else 2_000
        if endpoint in WITH_BODY and self.rng.random() < 0.5:
            body = self.body(pairs)
            return Sent(self.rng.choice(("POST", "QUERY")), address, body, self.headers(body), budget, **told)
        target = address + self.query_string(pairs)
        return Sent("GET", target, b"", self.headers(b""), budget, **told)

    def address(self, endpoint: str) -> str:
        """An address of a kind, of something that is there or not."""
        head, brace, rest = endpoint.partition("{")
        if not brace:
            return endpoint
        name, _, tail = rest.partition("}")
        if self.rng.random() < 0.8:
            part = quote(self.rng.choice(self.names[f"{head}{name}"]), safe="")
        else:
            part = self.rng.choice(
                (
                    quote(self.noise(), safe="", errors="surrogatepass"),
                    quote(self.word(), errors="surrogatepass"),
                    *FAULTS[:9],
                )
            )
        return head + (part or "%20") + tail

    def query_string(self, pairs: Sequence[tuple[str, Any]]) -> str:
        """Parameters as a URL has them, at times with a fault."""
        each = [
            "=".join(quote(_text(one), errors="surrogatepass") for one in (name, value))
            for name, value in pairs
        ]
        if self.rng.random() < 0.03:
            at = self.rng.randrange(len(each) + 1)
            each.insert(at, self.rng.choice(FAULTS))
        text = "&".join(each)
        if text and self.rng.random() < 0.02:
            at = self.rng.randrange(len(text))
            text = text[:at] + self.rng.choice(FAULTS) + text[at + 1 :]
        return f"?{text}" if text else ""

    def body(self, pairs: Sequence[tuple[str, Any]]) -> bytes:
        """Parameters as JSON, at times no longer that."""
        members = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in pairs]
        data = ("{" + ", ".join(members) + "}").encode()
        kind = self.rng.random()
        if kind < 0.95:
            return data
        at = self.rng.randrange(len(data))
        return self.rng.choice(
            (
                data[:at],
                data[:at] + self.rng.randbytes(1) + data[at + 1 :],
                b"\xef\xbb\xbf" + data,
                data.decode().encode("utf-16"),
                b'{"q": ' + b"[" * 2_000,
                b"[" * 100_000,
                b'{"limit": ' + b"9" * 5_000 + b"}",
                b'{"q": NaN}',
                b"[]",
                b'"q"',
                data + data,
                b'{"q": "\\ud800"}',
                b"{" + b",".join(b'"x%d": 1' % number for number in range(2_000)) + b"}",
                b'{"facet": [' + b'"date",' * 9_000 + b'"date"]}',
            )
        )  # fmt: skip

    def headers(self, body: bytes) -> dict[str, str]:
        """Headers, mostly those that belong there."""
        plain = {"Content-Type": "application/json"} if body else {}
        if self.rng.random() < 0.9:
            return plain
        odd = (
            (
                "Accept-Encoding",
                self.rng.choice(("gzip", "zstd", "gzip;q=0, *", "gzip;q=x", ";;,,", "br, \xff")),
            ),
            (
                "Accept",
                self.rng.choice(
                    ("application/ld+json", "*/*;q=2", "text/csv", "a/b/c", ",;", "application/*")
                ),
            ),
            ("If-None-Match", self.rng.choice(("*", '"', 'W/"x", W/"y"', "\xff", ", " * 2_000, '"' * 999))),
            (
                "Content-Type",
                self.rng.choice(("application/json; charset=utf-16", "text/plain", ";", 'a/b; c="', "\xff")),
            ),
            ("Authorization", self.rng.choice(("Bearer", "Bearer \xff", "Basic x", " ", "bearer a-key"))),
            ("X-Request-ID", self.rng.choice(("x" * 200, "\xff", "a b", "<b>"))),
            ("Origin", self.rng.choice(("null", "https://x", "\xff"))),
        )
        return plain | dict([self.rng.choice(odd)])


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
