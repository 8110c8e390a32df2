"""Whatever is typed for q or sent as a cursor is answered or refused, in time, and leaves nothing behind.

``PRESSMARK_FUZZ=all`` tries 100,000 requests; otherwise a seeded tenth.
"""

import json
import os
import subprocess
import sys

from tests.service.service import ROOT

COUNT = 100_000 if os.environ.get("PRESSMARK_FUZZ") == "all" else 10_000

GRACE = 500
"""Milliseconds of the thread beyond the budget: parsing a query and showing an answer are not interrupted."""

GROWTH = 50 * 2**20
"""Bytes that a process may grow by once it is warm: caches of plans and filters fill up to their bounds."""


def test_hostile_queries_and_cursors_are_answered_in_time():
    command = [sys.executable, "-m", "tests.service.fuzz", str(COUNT), "11"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout)
    assert seen["wrong"] == []
    assert seen["statuses"]["200"] > COUNT / 8, seen
    assert seen["statuses"]["400"] > COUNT / 5, seen
    assert seen["over_ms"] < GRACE
    assert seen["grown"] < GROWTH
