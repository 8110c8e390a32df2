"""The coding of an answer is one that the client accepts."""

import gzip

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from search.http.compression import CODINGS, coding


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", None),
        ("identity", None),
        ("br", None),
        ("gzip", "gzip"),
        ("GZip", "gzip"),
        ("gzip, deflate", "gzip"),
        ("gzip, zstd", "zstd"),
        ("gzip;q=1.0, zstd;q=0.9", "gzip"),
        ("zstd;q=0, gzip;q=0.1", "gzip"),
        ("gzip;q=0", None),
        ("gzip ; q=0.000 , zstd; q=0", None),
        ("*", "zstd"),
        ("zstd;q=0, *", "gzip"),
        ("*;q=0", None),
        ("gzip;q=2", None),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, *;q=0.1", None),
        ("identity;q=0.5, gzip", "gzip"),
        ("gzip, identity", "gzip"),
        ("identity;q=0", None),
        ("gzip;q=nan, zstd;q=x", None),
    ],
)
def test_the_header_decides(accepted, chosen):
    assert coding(accepted) == chosen


@given(st.text(max_size=40))
def test_any_header_has_an_answer(accepted):
    assert coding(accepted) in {None, *CODINGS}


@given(st.binary(max_size=2000))
def test_what_was_packed_unpacks(data):
    assert gzip.decompress(CODINGS["gzip"](data)) == data
    assert zstandard.decompress(CODINGS["zstd"](data)) == data
