"""The live service against its own OpenAPI document, by schemathesis: all of its checks, of every operation.

``PRESSMARK_FUZZ=all`` runs all phases, some thousands of requests; otherwise a seeded tenth of them.
"""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.service.service import PATIENCE, ROOT, serving

KEY = "a-key-for-writing"
ALL = os.environ.get("PRESSMARK_FUZZ") == "all"
PHASES = ("--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "40")
SOME = ("--phases", "fuzzing", "--max-examples", "12")
LEAST = 2_000 if ALL else 200

# What is too long is refused as RFC 9110 (15.5.14, 15.5.15) and RFC 6585 (5) ask, where schemathesis knows
# 400 alone; all other expectations are its own.
CONFIG = """
[checks]
negative_data_rejection.expected-statuses = [
    "400", "401", "403", "404", "405", "406", "409", "413", "414", "415", "429", "431"]
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    folder = tmp_path_factory.mktemp("contract")
    build = [sys.executable, "-m", "index", "build", "--index", str(folder / "index"), "seeds"]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with serving(folder, "--workers", "1", write_keys=KEY, commit_every="0.1") as made:
        # The follower is there once it has done something.
        sent = json.dumps({"title": "Rain"})
        named = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
        while made.ask("/v1/articles/first?wait=true", "PUT", sent, **named).status == 202:
            pass
        yield made


def test_what_the_document_promises_the_service_keeps(service, tmp_path):
    (tmp_path / "config.toml").write_text(CONFIG)
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(tmp_path / "config.toml"), "run"),
        *(f"http://127.0.0.1:{service.port}/openapi.json", "--header", f"Authorization: Bearer {KEY}"),
        *(
            "--checks",
            "all",
            "--continue-on-failure",
            "--seed",
            "7",
            "--request-timeout",
            str(PATIENCE),
            "--no-color",
        ),
        *(PHASES if ALL else SOME),
        "--generation-database=none",
    ]
    environ = os.environ | {"SCHEMATHESIS_HOOKS": "tests.service.hooks", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr
    asked = int(re.search(r"([\d,]+) generated", done.stdout)[1].replace(",", ""))
    assert asked >= LEAST, done.stdout
