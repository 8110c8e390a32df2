"""Whether a query is in capitals throughout: then capitals tell neither an operator from a word, nor a name.

Headlines are pasted like that, and whoever has the Caps Lock key down types so.
"""

from __future__ import annotations

import re

from search.mend import BLANK

_PHRASE_OR_OPERATOR = re.compile(
    rf'"[^"]*"|[“”„‟«»][^“”„‟«»]*[“”„‟«»]|(?<![^{BLANK}(])(?P<operator>AND|OR|NOT)(?![^{BLANK}"“”„‟«»()])'
)


def shouted(q: str) -> bool:
    """Return whether all letters of a query, beside those of its operators, are capitals, and there are some.

    >>> shouted("ISRAEL AND HAMAS SIGN TRUCE"), shouted("truce OR NATO"), shouted("غزة OR NATO")
    (True, False, False)
    """
    letters = [letter for letter in _PHRASE_OR_OPERATOR.sub(_kept, q) if letter.isalpha()]
    return bool(letters) and all(map(str.isupper, letters))


def calmed(q: str) -> str:
    """Return a query whose operators are words; what stands in quotation marks has none.

    >>> calmed('HAMAS NOT READY, SAYS "WAR OR PEACE" AUTHOR')
    'HAMAS not READY, SAYS "WAR OR PEACE" AUTHOR'
    """
    return _PHRASE_OR_OPERATOR.sub(lambda found: found[0].lower() if found["operator"] else found[0], q)


def _kept(found: re.Match[str]) -> str:
    return "" if found["operator"] else found[0]
