"""What a run has met."""

import pytest

from index.ledger import Ledger


def test_an_id_is_met_once_and_held_unless_it_failed():
    with Ledger() as ledger:
        assert ledger.meet("a", "1") is None
        assert ledger.meet("a", "2") == "1"
        assert ledger.meet("A", "3") is None
        assert ledger.meet("a\0b", "4") is None
        assert ledger.holds("a")
        assert not ledger.holds("b")
        ledger.fail("a")
        assert not ledger.holds("a")
        assert ledger.holds("A")
        assert ledger.meet("a", "1") == "1"


def test_a_file_that_cannot_grow_is_an_error_of_the_system():
    with Ledger() as ledger:
        ledger._table.execute("PRAGMA max_page_count = 4")
        with pytest.raises(OSError, match="temporary file"):
            [ledger.meet(f"id {n}", "0" * 32) for n in range(10_000)]
