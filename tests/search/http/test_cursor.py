"""A cursor is what this service made, or it is refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import BadCursor
from search.http import cursor
from search.http.request import asked, check
from search.request import After

KEY = b"k" * 32
VALUES = asked(
    check("/v1/search", [("q", "“peace” talks"), ("speaker", "-A"), ("limit", "3"), ("highlight", "false")])
).values


@given(
    st.builds(
        After,
        st.integers(0, 2**40),
        st.floats(allow_nan=False) | st.text(alphabet=st.characters(exclude_categories=["Cs"])),
        st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=512),
    )
)
def test_a_cursor_gives_back_what_it_was_made_of(after):
    text = cursor.encode(after, VALUES, KEY)
    assert cursor.decode(text, KEY) == (after, VALUES)
    assert text.isascii()
    assert "=" not in text


def test_every_changed_character_is_noticed():
    text = cursor.encode(After(37, 7.31, "000"), VALUES, KEY)
    for place, letter in enumerate(text):
        for other in ("A", "B", "_", "", letter + letter):
            changed = text[:place] + other + text[place + 1 :]
            if changed != text:
                with pytest.raises(BadCursor):
                    cursor.decode(changed, KEY)


def test_a_cursor_of_another_key_is_refused():
    with pytest.raises(BadCursor):
        cursor.decode(cursor.encode(After(1, 1.0, "a"), {}, b"other"), KEY)


def test_a_cursor_of_another_version_is_refused(monkeypatch):
    monkeypatch.setattr(cursor, "_VERSION", 2)
    later = cursor.encode(After(1, 1.0, "a"), {}, KEY)
    monkeypatch.undo()
    unknown = cursor.encode(After(1, 1.0, "a"), {"orbit": "deep"}, KEY)
    for text in (later, unknown):
        with pytest.raises(BadCursor, match="another version"):
            cursor.decode(text, KEY)


@given(st.text() | st.binary(max_size=80).map(lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("=")))
def test_anything_else_is_refused(text):
    with pytest.raises(BadCursor) as error:
        cursor.decode(text, KEY)
    assert error.value.faults[0].parameter == "cursor"
