"""Whatever is asked, sent as a cursor or put on the wire is answered or refused in time, and leaves nothing.

``PRESSMARK_FUZZ=all`` tries 100,000 requests and 10,000 exchanges; otherwise a seeded tenth and fewer.
"""

import json
import os
import subprocess
import sys

from tests.service.service import ROOT

ALL = os.environ.get("PRESSMARK_FUZZ") == "all"
COUNT = 100_000 if ALL else 10_000
EXCHANGES = 10_000 if ALL else 200

GRACE = 500
"""Milliseconds of the thread beyond the budget: parsing a query and showing an answer are not interrupted."""

GROWTH = 40 * 2**20
"""Bytes that processes may grow by in the last two thirds: caches of words and plans fill up to their bounds.

Of 100,000 requests, nearly each with words that no other has, that took 25 MB."""


def seen(*command):
    done = subprocess.run(
        [sys.executable, "-m", *map(str, command)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


def grown(sizes):
    """Bytes by which the larger of the last sizes is above that of a third of the way."""
    return max(sizes[-3:]) - sizes[len(sizes) // 3]


def test_hostile_queries_and_cursors_are_answered_in_time():
    told = seen("tests.service.fuzz", COUNT, 11)
    assert told["wrong"] == []
    assert told["statuses"]["200"] > COUNT / 4, told
    assert told["statuses"]["400"] > COUNT / 4, told
    assert told["statuses"]["410"] > COUNT / 400, told
    assert told["slowest"][0][0] < GRACE, told["slowest"]
    assert grown(told["sizes"]) < GROWTH, told["sizes"]


def test_whatever_bytes_come_the_workers_live_and_answer_the_next_request():
    told = seen("tests.service.wire", EXCHANGES, 11)
    assert told["wrong"] == []
    assert told["kept"]
    assert told["errors"] == []
    assert {"200", "400", "404", "405", "415"} <= told["statuses"].keys(), told
    assert grown(told["sizes"]) < GROWTH, told["sizes"]
