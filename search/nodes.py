"""Query nodes that ``whoosh.query`` lacks, as they leave the parser: words are still as typed.

The parser speaks of fields by the names of ``index.schema.FIELDS``, and of ``text`` where the
query names none.  Every node carries ``startchar`` and ``endchar``: code points of the query.
"""

from __future__ import annotations

from whoosh import query

TEXT = "text"
"""The field of a bare word: title and body at once."""


class Adjacent(query.And):  # type: ignore[misc]
    """Clauses written side by side, without an operator: ``match`` decides how many must match."""


def name_of(node: query.Query) -> str:
    """Return the name that a word or phrase in a value field spells."""
    return " ".join(node.words) if isinstance(node, query.Phrase) else str(node.text)


class Exact(query.Term):  # type: ignore[misc]
    """``speaker:="Khaled al-Qadoumi"``: this spelling alone."""


class Has(query.Term):  # type: ignore[misc]
    """``has:date``: articles in which the field named by ``text`` has a value."""

    def __init__(self, field: str, boost: float = 1.0) -> None:
        super().__init__("has", field, boost=boost)


class Story(query.Term):  # type: ignore[misc]
    """``cluster:c77186470e34b``: the articles of the story that an id leads to."""

    def __init__(self, id_: str, boost: float = 1.0) -> None:
        super().__init__("cluster", id_, boost=boost)


class DateRange(query.TermRange):  # type: ignore[misc]
    """``date:[2021 TO 2022-03]``: ``start`` and ``end`` are EDTF as written, or None where open."""


# What the planner makes of them: terms as they stand in the index.


class Synonym(query.Or):  # type: ignore[misc]
    """Several terms of one field scored as one: their frequencies added, one document frequency."""

    def __init__(self, fieldname: str, terms: tuple[str, ...], boost: float = 1.0) -> None:
        super().__init__([query.Term(fieldname, term) for term in terms], boost=boost)
        self.fieldname = fieldname
        self.words = terms


class _Compared(query.Query):  # type: ignore[misc]
    """A leaf: equal ones match the same, so that what was found out about one can be kept."""

    def _key(self) -> tuple[object, ...]:
        return (type(self), *sorted(self.__dict__.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Compared) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        fields = (
            f"{name}={sorted(value) if isinstance(value, frozenset) else value!r}"
            for name, value in sorted(self.__dict__.items())
        )
        return f"{type(self).__name__}({', '.join(fields)})"


class Sequence(_Compared):
    """Words in order, at most ``slop`` other words between neighbours; scored as the sum of its words.

    ``steps`` holds, for each word, the terms that it may be and its distance from the word before.
    """

    def __init__(
        self,
        fieldname: str,
        steps: tuple[tuple[tuple[str, ...], int], ...],
        slop: int = 0,
        boost: float = 1.0,
    ) -> None:
        self.fieldname = fieldname
        self.steps = steps
        self.slop = slop
        self.boost = boost


class AtLeast(query.Or):  # type: ignore[misc]
    """An Or of which at least ``needed`` clauses must match."""

    def __init__(self, subqueries: list[query.Query], needed: int, boost: float = 1.0) -> None:
        super().__init__(subqueries, boost=boost, minmatch=needed)
        self.needed = needed


class Values(_Compared):
    """Articles that have one of ``names``, whole, in a value field, with at least this level."""

    def __init__(self, fieldname: str, names: frozenset[str], level: int) -> None:
        self.fieldname = fieldname
        self.names = names
        self.level = level


class Articles(_Compared):
    """Articles with one of these ids."""

    def __init__(self, ids: frozenset[str]) -> None:
        self.ids = ids


class Dates(_Compared):
    """Articles whose date lies (``certain``) or may lie between two days, given as ordinals."""

    def __init__(self, start: int, end: int, level: int, *, certain: bool) -> None:
        self.start = start
        self.end = end
        self.level = level
        self.certain = certain


class Present(_Compared):
    """Articles that have a value of this level or a higher one in a field."""

    def __init__(self, fieldname: str, level: int) -> None:
        self.fieldname = fieldname
        self.level = level


class Forms(_Compared):
    """Articles that have one of these surface forms in a text field; every match scores ``boost``.

    ``prefix`` says that the forms are all that begin with it.
    """

    def __init__(
        self, fieldname: str, forms: tuple[str, ...], boost: float = 1.0, prefix: str | None = None
    ) -> None:
        self.fieldname = fieldname
        self.forms = forms
        self.boost = boost
        self.prefix = prefix
