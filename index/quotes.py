"""Who said what: the quotes of a text, each with its speaker where one can be told.

Marks give the words.  A reporting verb beside them gives the cue, the noun phrase that is its
subject the words that name the speaker, and the people of the article whom these words mean.
A quote without a cue of its own goes on from the one before.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.article import Quote
from index.marks import marked
from index.people import GROUPS, ROLES, RUN, People

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.article import Kind, Level
    from index.marks import Marked

_VERBS = """
said says say told tells added adds asked asks wrote writes tweeted tweets stated states argued argues
noted notes explained explains insisted insists replied replies responded responds continued continues
declared declares announced announces admitted admits acknowledged acknowledges claimed claims concluded
concludes warned warns recalled recalls suggested suggests joked jokes quipped exclaimed remarked
remarks observed observes stressed stresses emphasized emphasised emphasizes underlined underlines
underscored reiterated reiterates complained complains promised vowed vows pledged predicted predicts
called calls described describes dubbed denounced condemned praised criticized criticised confirmed
confirms denied denies testified testifies shouted yelled urged urges demanded accused mused commented
posted believes believed thinks thought cautioned countered counters boasted maintained maintains
mentioned mentions conceded concedes proclaimed proposed contended contends expressed dismissed reported
reports referred quoted reads read recounted cited lamented asserted asserts affirmed pointed saying
adding telling writing calling arguing noting asking insisting describing tweeting explaining claiming
warning
"""
VERBS = frozenset(_VERBS.split())
"""Words that report what somebody says."""
_PLAIN_VERBS = frozenset(["said", "says", "told", "added", "adds", "tweeted", "wrote", "writes", "explained"])

_CUE = re.compile(rf"\b(?:{'|'.join(sorted(VERBS, key=len, reverse=True))}|according to)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(
    r"(?<![A-Z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<!\bSen)(?<!\bRep)(?<!\bGov)(?<!\bGen)"
    r"[.!?][\"”’)]*\s+(?=[\"“‘«A-Z\ue000])"
)
_CUE_BEHIND = re.compile(
    rf"(?:{RUN.pattern}|[Tt]he [\w’' -]{{1,40}}?)\s+(?:{'|'.join(sorted(_PLAIN_VERBS))})\b"
)
_PRONOUN = re.compile(r"\b(?:he|she|they|it|i|we|who)\b", re.IGNORECASE)
_DETERMINER = re.compile(r"\b(?:the|a|an|one|another|his|her|its|their|our|this|some|many)\s+", re.IGNORECASE)
_PHRASE = re.compile(r"[\w’'-]+(?:[ \xa0][\w’'-]+){0,4}")
_COMPLEMENT = re.compile(
    r"\s+(?:of|for)\s+(?:(?:the|our|its|his|her|their)\s+)?[\w’'-]+(?:[ \xa0](?:of\s+)?[\w’'-]+){0,6}"
)
_ENDINGS = "man woman er or ist ian ent people ers ors ists ents cials"
_PERSON_ENDINGS = tuple(_ENDINGS.split())
"""How words for people end that no table holds: organiser, voter, economist, resident."""
_PREPOSITION = re.compile(
    r"\b(?:of|in|on|at|for|from|with|by|about|against|between|as|into|over|under|after|before|during|since|until|"
    r"like|than|near|to|through|including|toward|towards|among|around)\s+"
    r"(?:(?:the|a|an|his|her|its|their)\s+)?(?:[\w’'-]+\s+){0,2}\Z",
    re.IGNORECASE,
)
_SAYS = re.compile(r"(?:\s+(?:that|reporters|on \w+day))*\s*:\s+|(?:\s+that)?\s+(?=[\w])")
"""What stands between a plain verb and words that are said without marks."""
_LEAST_UNMARKED = 4
# What a cue costs beside the characters between it and the quote (set by hand on half of the articles).
OTHER_QUOTE = 40.0
NEW_SENTENCE = 60.0
SENTENCE_BETWEEN = 150.0
NO_COLON = 25.0
LINE_BETWEEN = 50.0
OTHER_VERB = 40.0
FARTHEST = 260.0
_ADJACENT = 3.0
_BESIDE = 40
"""A cue as near as this names the speaker with high confidence."""
_LINES_ABOVE = 3
"""Characters above a paragraph in which a cue with a colon may stand."""
_CUES_NEAR = 8
"""Cues on either side of a quote that are weighed."""
_CLAUSE = 400
"""Characters before a verb in which its subject is looked for."""
_GAP = 200
"""Characters between two quotes over which the second goes on from the first."""
_FILL = "\ue000"
"""Stands for every character of a quote, so that its words are no cue, and offsets hold."""


@dataclass(frozen=True, slots=True)
class _Mention:
    """The words that name a speaker, between two offsets of the body."""

    start: int
    end: int
    kind: str  # name, pronoun or description


@dataclass(frozen=True, slots=True)
class _Cue:
    """A reporting verb with its subject, and the person whom the subject names, where it is a name."""

    start: int
    end: int
    verb: str
    mention: _Mention | None
    speaker: str | None


def quotes(body: str) -> tuple[Quote, ...]:
    """Return the quotes of the text in their order.

    >>> [(q.text, q.speaker) for q in quotes("“It holds,” Ann Lee said on Monday.")]
    [('It holds,', 'Ann Lee')]
    """
    said: list[Quote] = []
    for start, end in _windows(body):
        part = body[start:end]
        reader = _Reader(part, marked(part))
        said.extend(_moved(quote, start) for quote in (*reader.read(), *reader.unmarked()))
    return tuple(sorted(said, key=lambda quote: (quote.start, quote.end)))


WINDOW = 50_000
"""Characters that are read together: hardly an article is longer, and a book takes linear time."""


def _windows(body: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(body):
        end = start + WINDOW
        if end < len(body):
            end = max(body.rfind("\n", start, end), body.rfind(" ", end - 1000, end), start) + 1
            end = end if end > start + 1 else start + WINDOW
        yield start, min(end, len(body))
        start = end


def _moved(quote: Quote, by: int) -> Quote:
    if not by:
        return quote
    mention = (quote.mention[0] + by, quote.mention[1] + by) if quote.mention else None
    return replace(quote, start=quote.start + by, end=quote.end + by, mention=mention)


class _Reader:
    """Reads the quotes of one body in their order, and remembers who spoke last."""

    def __init__(self, body: str, found: list[Marked]) -> None:
        self._body = body
        self._found = found
        self._masked = _mask(body, found)
        self._people = People(self._masked)
        self._starts, self._ends = _sentences(self._masked)
        self._cues = [self._subject(m) for m in _CUE.finditer(self._masked)]
        self._cue_starts = [cue.start for cue in self._cues]
        self._active = {cue.speaker for cue in self._cues if cue.speaker}
        self._last_person: str | None = None
        self._last_at = 0

    def read(self) -> Iterator[Quote]:
        before: Marked | None = None
        quote: Quote | None = None
        for one in self._found:
            quote = self._attributed(one, before, quote)
            before = one
            yield quote

    def _attributed(self, one: Marked, before: Marked | None, last: Quote | None) -> Quote:
        cue = self._cue_of(one)
        plain = _plain(self._body, one)
        if before is not None and last is not None and before.continued:
            return _like(plain, last, last.confidence)
        if cue is not None and cue.mention is not None:
            return self._said(plain, cue, cue.mention)
        if (
            before is not None
            and last is not None
            and last.mention is not None
            and self._goes_on(before, one)
        ):
            return _like(plain, last, "low")
        return plain

    def unmarked(self) -> Iterator[Quote]:
        """Yield what is said without marks: behind "said:", and behind the plain verb of a named speaker.

        Call it after ``read``: sentences with a quote are left to that.
        """
        for cue in self._cues:
            begin = _SAYS.match(self._masked, cue.end) if cue.verb in _PLAIN_VERBS else None
            if begin is None:
                continue
            colon = ":" in begin[0]
            first, end = self._sentence(cue.start)
            start, stop = begin.end(), self._line_end(cue.end) if colon else end
            words = self._masked[start:stop].rstrip(" .")
            mention = self._opening(first, min(cue.start, first + _CLAUSE)) if colon else cue.mention
            if (
                mention is None
                or not (colon or cue.speaker)
                or _FILL in self._masked[first:stop]
                or len(words.split()) < _LEAST_UNMARKED
            ):
                continue
            kind: Kind = "direct" if colon else "indirect"
            said = self._said(_bare(words, start, kind), cue, mention)
            if said.speaker is not None:
                yield replace(said, confidence="medium") if said.confidence == "high" else said

    def _sentence(self, position: int) -> tuple[int, int]:
        """Return the bounds of the sentence around a position."""
        number = bisect_right(self._starts, position) - 1
        return self._starts[number], self._ends[number]

    def _line_end(self, position: int) -> int:
        end = self._masked.find("\n", position)
        return len(self._masked) if end < 0 else end

    def _opening(self, start: int, end: int) -> _Mention | None:
        """Return the first noun phrase of a sentence that no preposition governs."""
        return next((m for m in self._mentions(start, end) if not self._governed(m, start)), None)

    def _governed(self, mention: _Mention, start: int) -> bool:
        """Whether a preposition behind ``start`` governs the mention."""
        return _PREPOSITION.search(self._masked[max(start, mention.start - 40) : mention.start]) is not None

    def _said(self, plain: Quote, cue: _Cue, mention: _Mention) -> Quote:
        written = self._body[mention.start : mention.end]
        speaker = self._resolve(mention)
        if speaker and self._people.is_person(speaker):
            self._last_person, self._last_at = speaker, cue.start
        near = min(abs(cue.start - plain.end), abs(plain.start - cue.end)) <= _BESIDE
        level: Level = "high" if near and mention.kind == "name" else "medium" if speaker else "low"
        return replace(
            plain,
            speaker=speaker,
            as_written=written,
            mention=(mention.start, mention.end),
            cue=self._body[cue.start : cue.end],
            confidence=level,
        )

    def _goes_on(self, before: Marked, one: Marked) -> bool:
        """Whether a quote without a cue of its own goes on from the one before: at most two paragraphs on."""
        between = self._masked[before.outer[1] : one.outer[0]]
        return between.count("\n") <= 2 and len(between) <= _GAP  # noqa: PLR2004 - a paragraph and its break

    def _cue_of(self, one: Marked) -> _Cue | None:
        """Return the cue nearest to a quote: behind it, before it, or in the sentence around it."""
        line_start, line_end = self._masked.rfind("\n", 0, one.start) + 1, self._line_end(one.end)
        best: tuple[float, _Cue] | None = None
        near = bisect_right(self._cue_starts, one.start)
        for cue in self._cues[max(0, near - _CUES_NEAR) : near + _CUES_NEAR]:
            if cue.end <= line_start - _LINES_ABOVE or cue.start >= line_end or cue.mention is None:
                continue
            cost = self._distance(one, cue, line_start)
            if cost is not None and (best is None or cost < best[0]):
                best = (cost, cue)
        return best[1] if best else None

    def _distance(self, one: Marked, cue: _Cue, line_start: int) -> float | None:
        """Return how far a cue is from a quote in characters, weighed; None where it is too far."""
        behind = cue.start >= one.end
        a, b = (one.outer[1], cue.start) if behind else (cue.end, one.outer[0])
        between = self._masked[a:b]
        ends = len(_SENTENCE_END.findall(between + " X"))
        cost = float(len(between.replace(_FILL, ""))) + OTHER_QUOTE * (_FILL in between)
        if behind:
            own = self._body[one.start : one.end].rstrip().endswith((".", "!", "?"))
            cost += NEW_SENTENCE * (
                own and not between.startswith(",") and self._opens_sentence(one.outer[1])
            )
            cost += SENTENCE_BETWEEN * ends
        else:
            cost += NO_COLON * (between.strip() not in {":", ",", "", "that"})
            cost += NEW_SENTENCE * between.rstrip().endswith((".", "!", "?"))
            cost += SENTENCE_BETWEEN * max(0, ends - 1)
            if cue.end <= line_start:
                if not self._masked[cue.end : line_start].rstrip().endswith(":"):
                    return None
                cost += LINE_BETWEEN
        if cue.verb not in _PLAIN_VERBS and cost > _ADJACENT:
            cost += OTHER_VERB
        return cost if cost <= (FARTHEST if behind or ends else 2 * FARTHEST) else None

    def _opens_sentence(self, position: int) -> bool:
        """Whether what stands behind a quote is a sentence of its own, not its cue ("Ann Lee said")."""
        after = self._masked[position : position + 40].lstrip()
        return after[:1].isupper() and not _PRONOUN.match(after) and not _CUE_BEHIND.match(after)

    def _subject(self, cue: re.Match[str]) -> _Cue:
        """Return the cue with the noun phrase that is its subject, before it or (inverted) behind it."""
        masked = self._masked
        start, end = self._sentence(cue.start())
        start = max(start, cue.start() - _CLAUSE)
        verb = cue[0].lower()
        behind = self._first(cue.end(), end)
        left = masked[start : cue.start()]
        if verb == "according to":
            return self._cue(cue, behind)
        bare = left.rstrip().endswith((_FILL, ",", "”", '"')) or not left.strip(f' {_FILL}”"“,.')
        if (
            bare
            and behind is not None
            and masked[cue.end() : behind.start].strip() in {"", "the"}
            and not verb.endswith("ing")
        ):
            return self._cue(cue, behind)
        return self._cue(cue, self._before(start, cue.start()))

    def _cue(self, cue: re.Match[str], mention: _Mention | None) -> _Cue:
        name = self._body[mention.start : mention.end] if mention and mention.kind == "name" else ""
        speaker = self._people.person(name) if self._people.is_person(name) else None
        return _Cue(*cue.span(), cue[0].lower(), mention, speaker)

    def _first(self, start: int, end: int) -> _Mention | None:
        """Return the noun phrase that stands right behind a verb."""
        return next(iter(sorted(self._mentions(start, min(end, start + 80)), key=lambda m: m.start)), None)

    def _before(self, start: int, end: int) -> _Mention | None:
        """Return the subject of a verb: the nearest noun phrase before it that no preposition governs.

        Where a comma stands before the verb, an apposition ends there, and the subject opens the clause.
        """
        left = self._masked[start:end].rstrip()
        found = self._mentions(start, end)
        free = [m for m in found if not self._governed(m, start)] or found
        if not free:
            return None
        last = free[-1]
        if left.endswith(",") and last.kind != "pronoun":
            named = [m for m in free if m.kind == "name"]
            return named[0] if named else free[0]
        if last.kind == "pronoun" and self._masked[last.start : last.end].lower() == "who" and len(free) > 1:
            return free[-2]
        return last

    def _mentions(self, start: int, end: int) -> list[_Mention]:
        """Return the noun phrases between two offsets that can name a speaker, in their order."""
        masked = self._masked
        described = list(_descriptions(masked, start, end))
        named = [_Mention(n.start, n.end, "name") for n in self._people.within(start, end)]
        pronouns = [_Mention(*m.span(), "pronoun") for m in _PRONOUN.finditer(masked, start, end)]
        found: list[_Mention] = []
        for one in (*described, *named, *pronouns):
            if not any(o.start < one.end and one.start < o.end for o in found):
                found.append(one)
        return sorted(found, key=lambda m: m.start)

    def _resolve(self, mention: _Mention) -> str | None:
        """Return the name of whom a mention means, or None."""
        written = self._body[mention.start : mention.end]
        if mention.kind == "name":
            return self._people.person(written)
        if mention.kind == "description":
            return self._people.described(written + self._complement(mention.end)) or self._antecedent(
                mention, strict=True
            )
        if written.lower() in {"he", "she", "who"}:
            return self._antecedent(mention, strict=False)
        return None

    def _complement(self, position: int) -> str:
        """Return what follows a description as "of our country's diplomacy", up to a verb that reports."""
        behind = _COMPLEMENT.match(self._masked, position)
        words = behind[0].split() if behind else []
        stop = next(
            (n for n, word in enumerate(words) if word in VERBS or word in {"in", "who", "and"}), len(words)
        )
        return " ".join(["", *words[:stop]])

    def _antecedent(self, mention: _Mention, *, strict: bool) -> str | None:
        """Return the person who spoke or was named as a speaker last before the mention, or None.

        People who are the subject of a reporting verb somewhere come before all others; the paragraph
        of a pronoun before what stands above it.
        """
        paragraph = self._masked.rfind("\n", 0, mention.start) + 1
        named = list(self._people.before(mention.start))
        active = [n for n in named if n.person in self._active] or named
        here = [n for n in active if n.start >= paragraph]
        if here and not strict:
            sentence, _ = self._sentence(here[0].start)
            return [n.person for n in here if n.start >= sentence][-1]
        near = bisect_right(self._cue_starts, mention.start)
        spoke = next((c for c in reversed(self._cues[:near]) if c.speaker and c.end <= mention.start), None)
        if self._last_person and not (spoke and spoke.start > self._last_at):
            return self._last_person
        if spoke:
            return spoke.speaker
        return active[0].person if active else None


def _sentences(text: str) -> tuple[list[int], list[int]]:
    """Return where the sentences of a text begin and end; lines end sentences."""
    cuts = [(m.start(), m.end()) for m in re.finditer("\n", text)]
    cuts += [(m.start() + 1, m.end()) for m in _SENTENCE_END.finditer(text)]
    cuts.sort()
    return [0, *(start for _, start in cuts)], [*(end for end, _ in cuts), len(text)]


def _mask(body: str, found: list[Marked]) -> str:
    """Return the body with every character of a quote filled."""
    parts, position = [], 0
    for one in found:
        parts += [body[position : one.start], _FILL * (one.end - one.start)]
        position = one.end
    return "".join([*parts, body[position:]])


def _descriptions(text: str, start: int, end: int) -> Iterator[_Mention]:
    """Yield the phrases between two offsets that a determiner opens and a word for people or a group ends.

    A title in capitals before a name, as in "the Rev. Al Sharpton", is left to the name.
    """
    for opening in _DETERMINER.finditer(text, start, end):
        phrase = _PHRASE.match(text, opening.end(), end)
        for word in re.finditer(r"[\w’'-]+", phrase[0]) if phrase else ():
            head, at = word[0].casefold(), opening.end() + word.end()
            if head in VERBS:
                break
            if head in ROLES or (word[0][0].islower() and (head in GROUPS or head.endswith(_PERSON_ENDINGS))):
                if not re.match(r"[ \xa0][A-Z]", text[at : at + 2]):
                    yield _Mention(opening.start(), at, "description")
                break


def _bare(words: str, start: int, kind: Kind) -> Quote:
    """Return a quote of which only the words are known."""
    return Quote(words, start, start + len(words), None, None, None, None, kind, "low")


def _plain(body: str, one: Marked) -> Quote:
    return _bare(body[one.start : one.end], one.start, _kind(body, one))


def _like(quote: Quote, other: Quote, confidence: Level) -> Quote:
    """Return the quote with the speaker of another."""
    return replace(
        quote,
        speaker=other.speaker,
        as_written=other.as_written,
        mention=other.mention,
        confidence=confidence,
    )


def _kind(body: str, one: Marked) -> Kind:
    """Return ``direct`` for words that stand by themselves, ``mixed`` for a fragment of a sentence."""
    text = body[one.start : one.end].strip()
    before = body[max(0, one.outer[0] - 2) : one.outer[0]].strip()
    opens = not before or before[-1] in ',:.!?”"—–-;'
    return "direct" if opens and (text[:1].isupper() or not text[:1].isalpha()) else "mixed"
