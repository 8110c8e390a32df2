"""What is answered depends on the state of the service as well: ``tests/cases/states.json``, as data.

A state says of what the service is made: ``settings`` as in the environment, an ``inbox`` that is
``unusable``, a ``slow`` line (milliseconds that a body takes), a part of the engine that ``fails``.  Its
``steps`` follow one another: a ``commit`` of articles, a file of the index to ``damage``, older generations
that ``expire``, a ``restart``, or a case as in ``http-*.json``, where a header that is null is not there.
"""

import io
import json
import time
from pathlib import Path

import pytest
from falcon import testing

from index.embedded import open_writer
from index.inbox import Inbox
from index.settings import load
from search.embedded import EmbeddedSearcher
from search.http.app import create_app
from search.http.guard import Guard, Keys
from search.http.limits import Limits
from search.http.problems import PROBLEMS
from search.http.writing import Desk
from tests.search.http.schema import faults
from tests.search.http.test_cases import OPENAPI, SUITES, article, missing

STATES = json.loads((Path(__file__).parents[2] / "cases" / "states.json").read_text(encoding="utf-8"))
pytestmark = pytest.mark.filterwarnings("ignore:Unknown REQUEST_METHOD")


class Slow(io.BytesIO):
    """A body that takes its time."""

    def __init__(self, data, milliseconds):
        super().__init__(data)
        self.milliseconds = milliseconds

    def read(self, *size):
        time.sleep(self.milliseconds / 1000)
        return super().read(*size)


def fails(*_):
    raise ZeroDivisionError


class Service:
    """An application in a state."""

    def __init__(self, folder, state):
        chosen = {f"PRESSMARK_{name.upper()}": value for name, value in state.get("settings", {}).items()}
        settings = load({"index": str(folder / "index")}, environ=chosen, folder=folder)
        self.path, self.slow, self.following = settings.index, state.get("slow", 0), ""
        self.settings = settings
        self.inbox = Inbox(settings.state, settings.inbox_limit)
        if state.get("inbox") == "unusable":
            self.inbox.path.mkdir(parents=True)
        self.engine = type("Engine", (EmbeddedSearcher,), {state["fails"]: fails} if "fails" in state else {})
        self.restart()

    def restart(self, _=None):
        settings = self.settings
        self.client = testing.TestClient(
            create_app(
                self.engine(settings.index),
                cursor_key=b"a key",
                guard=Guard(
                    Keys.of(settings.write_keys, settings.read_keys),
                    Limits(*settings.rate_limit) if settings.rate_limit else None,
                ),
                desk=Desk(self.inbox, settings.article_limit, settings.batch_limit),
            )
        )

    def commit(self, rows):
        writer = open_writer(self.path, language="en")
        for row in rows:
            writer.put(article({"body": "", **row}), "build")
        writer.commit()

    def damage(self, name):
        (self.path / name).write_bytes(b"damaged")

    def expire(self, _):
        commits = sorted(self.path.glob("commit-*.json"))
        for old in commits[:-1]:
            old.unlink()

    def ask(self, case):
        method, _, target = case.get("ask", f"GET {case.get('get')}").partition(" ")
        path, _, query = target.replace("{next}", self.following).partition("?")
        sent, more = case.get("sent", {}), {}
        if "body" in case:
            body = json.dumps(case["body"]).encode()
            sent = {"Content-Type": "application/json", "Content-Length": str(len(body)), **sent}
            more = {"extras": {"wsgi.input": Slow(body, self.slow)}}
        return self.client.simulate_request(method, path, query_string=query, headers=sent, **more)


@pytest.mark.parametrize("state", STATES, ids=[state["state"] for state in STATES])
def test_a_service_answers_as_its_state_demands(tmp_path, state):
    service = Service(tmp_path, state)
    for step in state["steps"]:
        done = step.keys() & {"commit", "damage", "expire", "restart"}
        if done:
            (name,) = done
            getattr(service, name)(step[name])
            continue
        answer = service.ask(step)
        where = f"{step['comment']}: {answer.text}"
        assert answer.status_code == step.get("status", 200), where
        headers = {name.lower(): value for name, value in answer.headers.items()}
        wanted = {name.lower(): value for name, value in step.get("headers", {}).items()}
        assert [name for name, value in wanted.items() if value is None and name in headers] == [], where
        assert missing({name: value for name, value in wanted.items() if value is not None}, headers) == []
        if "text" in step:
            assert answer.text == step["text"]
            continue
        assert missing(step["answer"], answer.json) == [], where
        if answer.status_code >= 400:
            assert faults(answer.json, {"$ref": "#/components/schemas/Problem"}, OPENAPI) == [], where
        service.following = answer.json.get("next") or service.following


def codes():
    """Each problem code that a case over HTTP is answered with."""
    suites = [suite["cases"] for suite in SUITES.values()] + [state["steps"] for state in STATES]
    for first in (one for cases in suites for one in cases):
        for case in (first, *first.get("then", ())):
            answer = case.get("answer", {})
            if case.get("status", 200) >= 400:
                yield answer.get("code")


def test_every_problem_has_a_case_that_is_answered_with_it():
    assert sorted({problem.code for problem in PROBLEMS} - set(codes())) == []
