"""How quotes are scored: spans trimmed and matched by overlap, speakers by their last names."""

import re
import unicodedata
from collections import Counter

TRIM = " \t\r\n“”\"„‟«»‘’'.,;:!?—–-…"


def trimmed(text, start, end):
    while start < end and text[start] in TRIM:
        start += 1
    while end > start and text[end - 1] in TRIM:
        end -= 1
    return start, end


def last_name(name):
    """Fold the last word of a name; None for pronouns and descriptions."""
    name = re.split(
        r"[,(\n]| (?:of|for|at|from|with|in|on|who|and|to|told|said|says|is|was)\b", (name or "").strip()
    )[0]
    words = re.sub(r"[’']s?$", "", name).split()
    word = re.sub(r"^(?:al|el|ul)-", "", words[-1], flags=re.IGNORECASE) if words else ""
    if not word[:1].isupper() or word.lower() in {"he", "she", "they", "i", "we", "it", "you", "who"}:
        return None
    plain = unicodedata.normalize("NFKD", word.lower())
    return re.sub(r"[^a-z0-9]", "", plain) or None


def overlap(a, b):
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return max(0, shared) / (max(a[1], b[1]) - min(a[0], b[0])) if shared > 0 else 0.0


def matched(wanted, given):
    """Return number of a wanted span → that of the given one which overlaps it by .8, best first."""
    by_overlap = sorted(
        ((overlap(w, g), n, m) for n, w in enumerate(wanted) for m, g in enumerate(given)), reverse=True
    )
    pairs, taken = {}, set()
    for share, n, m in by_overlap:
        if share >= 0.8 and n not in pairs and m not in taken:
            pairs[n] = m
            taken.add(m)
    return pairs


LEAST_WORDS = 4


def f1(right, given, wanted):
    return 2 * right / max(1, given + wanted)


def counted(text, wanted, given, levels):
    """Count quotes of four words or more that were wanted, given, found, and those with the right speaker.

    ``wanted`` are quotes of the gold, ``given`` those of the index.  A short quote of the gold costs
    nothing.  A quote of the gold without a source counts for finding only.
    """
    count = Counter()
    wants = [trimmed(text, q["start"], q["end"]) for q in wanted]
    gives = [trimmed(text, q.start, q.end) for q in given]
    pairs = matched(wants, gives)
    back = {m: n for n, m in pairs.items()}
    for n, quote in enumerate(wanted):
        if len(text[slice(*wants[n])].split()) < LEAST_WORDS:
            continue
        sourced, name = has_source(quote), last_name(quote.get("speaker") or quote.get("source"))
        by_hand = quote.get("speaker_by") == "hand"
        count += Counter(
            {"wanted": 1, "wanted speaker": sourced, "wanted name": bool(name), "by hand": by_hand}
        )
        found = given[pairs[n]] if n in pairs else None
        count["found"] += found is not None
        if found is not None and found.confidence in levels:
            named = bool(name) and last_name(found.speaker) == name
            there = found.mention is not None and any(
                min(found.mention[1], b) > max(found.mention[0], a) for a, b in quote.get("source_spans", [])
            )
            count += Counter(
                {"right": sourced and (there or named), "named": named, "by hand right": by_hand and named}
            )
    for m, quote in enumerate(given):
        twin = wanted[back[m]] if m in back else None
        if len(text[slice(*gives[m])].split()) < LEAST_WORDS or (
            twin is not None and len(text[slice(*wants[back[m]])].split()) < LEAST_WORDS
        ):
            continue
        told = quote.confidence in levels
        sourced = twin is None or has_source(twin)
        named = twin is None or bool(last_name(twin.get("speaker") or twin.get("source")))
        count["given"] += 1
        count["given speaker"] += told and sourced and bool(quote.speaker or quote.mention)
        count["given name"] += told and named and bool(quote.speaker)
    return count


def has_source(quote):
    return bool(quote.get("source_spans") or quote.get("source") or quote.get("speaker"))
