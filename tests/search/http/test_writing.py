"""Writes over HTTP, with an inbox on disk and a follower that empties it."""

import json
import re
import threading
from functools import partial
from pathlib import Path

import pytest
from falcon import testing
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embedded import open_writer
from index.follow import Follower
from index.inbox import Inbox
from index.settings import load
from search.embedded import EmbeddedSearcher
from search.http.app import create_app
from search.http.batch import LINES
from search.http.guard import Guard, Keys
from search.http.limits import Limits
from search.http.openapi import document
from search.http.operations import NEEDING_A_KEY
from search.http.writing import Desk
from tests.index.following import load_kernels
from tests.search.http.schema import faults
from tests.search.http.test_cases import article, missing
from tests.service.service import PATIENCE, until

SUITE = json.loads((Path(__file__).parents[2] / "cases" / "http-writes.json").read_text(encoding="utf-8"))
WRITE, READ = "a-key-that-may-write", "a-key-that-may-read"
JSON, LINED = "application/json", "application/x-ndjson"
OPENAPI = document()


class Archive:
    """An application over an index in a folder; a follower of its inbox runs while asked to."""

    def __init__(self, folder, **more):
        self.index = folder / "index"
        options = load({"index": str(self.index), "commit_every": "0"}, environ={}, folder=folder)
        writer = open_writer(self.index, language="en")
        for row in SUITE["commits"][0]:
            writer.put(article(row), "build")
        writer.commit()
        self.inbox = Inbox(options.state, 1 << 20)
        opener = partial(open_writer, self.index, language="en", timeout=60.0)
        self.follower = Follower(self.inbox, opener, options)
        self.desk = Desk(self.inbox, 10_000, 30_000)
        guard = Guard(Keys.of([WRITE], [READ]), **more)
        self.app = create_app(EmbeddedSearcher(self.index), cursor_key=b"a key", guard=guard, desk=self.desk)
        self.client = testing.TestClient(self.app)
        self.over = threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(
            target=self.follower.run, args=(lambda _: None, lambda: not self.over.is_set())
        )
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        self.inbox.close()

    def send(self, line, body=None, *, key=WRITE, **headers):
        method, _, target = line.partition(" ")
        path, _, query = target.partition("?")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named |= {"Authorization": f"Bearer {key}"} if key else {}
        if isinstance(body, dict | list):
            named, body = {"Content-Type": JSON} | named, json.dumps(body)
        return self.client.simulate_request(
            method, path, query_string=query, body=body, headers=named, remote_addr="127.0.0.1"
        )


@pytest.fixture(scope="module", autouse=True)
def _compiled_for_writing():
    load_kernels()


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with Archive(tmp_path_factory.mktemp("writes")) as made:
        yield made


def test_cases_hold_one_after_the_other(archive):
    for case in SUITE["cases"]:
        body = "\n".join(case["lines"]) if "lines" in case else case.get("body")
        typed = {"Content-Type": case["type"]} if "type" in case else {}
        sent = json.dumps(body) if typed and not isinstance(body, str) else body
        answer = archive.send(case["send"], sent, key=case.get("key", WRITE), **typed, **case.get("sent", {}))
        where = f"{case['comment']}: {answer.text}"
        assert answer.status_code == case["status"], where
        if "schema" in case:
            schema = {"$ref": f"#/components/schemas/{case['schema']}"}
            assert faults(answer.json, schema, OPENAPI) == [], where
        assert lacking(case.get("answer", {}), answer.json) == [], where
        assert lacking(case.get("headers", {}), dict(answer.headers)) == [], where


def lacking(expected, answer):
    """As for cases that read; names of headers in any case, and a text may end in …."""
    if isinstance(answer, dict) and any(name.lower() == "x-request-id" for name in answer):
        expected = {name.lower(): value for name, value in expected.items()}
        answer = {name.lower(): value for name, value in answer.items()}
    return missing(cut(expected, answer), answer)


def cut(expected, answer):
    """Put what is there for a text that ends in … and fits."""
    if isinstance(expected, dict) and isinstance(answer, dict):
        return {name: cut(value, answer.get(name)) for name, value in expected.items()}
    if isinstance(expected, list) and isinstance(answer, list) and len(expected) == len(answer):
        return [cut(*pair) for pair in zip(expected, answer, strict=True)]
    fits = isinstance(expected, str) and isinstance(answer, str) and expected.endswith("…")
    return answer if fits and answer.startswith(expected[:-1]) else expected


def test_an_etag_that_was_read_guards_against_lost_updates(archive):
    archive.send("PUT /v1/articles/etag?wait=true", {"title": "One", "language": "en"})
    first = archive.send("GET /v1/articles/etag").headers["ETag"]
    archive.send("PUT /v1/articles/elsewhere?wait=true", {"title": "Another article"})
    change = partial(archive.send, "PUT /v1/articles/etag?wait=true", If_Match=first)
    assert change({"title": "Two", "language": "en"}).status_code == 200
    lost = change({"title": "Three", "language": "en"})
    assert (lost.status_code, lost.json["code"]) == (412, "precondition-failed")
    now = archive.send("GET /v1/articles/etag")
    assert now.json["title"] == "Two"
    named = f'"{now.json["version"]}"'
    assert archive.send("DELETE /v1/articles/etag?wait=true", If_Match=named).status_code == 200


def test_of_two_threads_that_change_what_they_read_one_wins_each_time(archive):
    archive.send("PUT /v1/articles/count?wait=true", {"title": "0", "language": "en"})
    rounds, lost, both = 6, [], threading.Barrier(2)

    def count():
        done = 0
        seen = archive.send("GET /v1/articles/count")
        both.wait(PATIENCE)  # of the version that both have seen one makes another
        while done < rounds:
            body = {"title": str(int(seen.json["title"]) + 1), "language": "en"}
            answer = archive.send("PUT /v1/articles/count", body, If_Match=seen.headers["ETag"])
            if answer.status_code == 202:
                job = answer.json["links"]["self"]
                while (answer := archive.send(f"GET {job}")).json["status"] == "waiting":
                    archive.over.wait(0.01)
                won = not answer.json["errors"]
            else:
                won = False
                assert answer.status_code == 412, answer.text
            done += won
            lost.append(not won)
            seen = archive.send("GET /v1/articles/count")

    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert archive.send("GET /v1/articles/count").json["title"] == str(2 * rounds)
    assert any(lost)


def test_a_key_belongs_to_whoever_sent_it(archive):
    sent = {"Idempotency_Key": "shared"}
    one = archive.send("PUT /v1/articles/mine?wait=true", {"title": "Mine"}, **sent)
    assert one.status_code == 201
    assert archive.send("PUT /v1/articles/mine?wait=true", {"title": "Mine"}, **sent).json == one.json
    conditional = {"Idempotency_Key": "first", "If_None_Match": "*"}
    first = archive.send("PUT /v1/articles/fresh?wait=true", {"title": "Fresh"}, **conditional)
    again = archive.send("PUT /v1/articles/fresh?wait=true", {"title": "Fresh"}, **conditional)
    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)


def test_a_key_that_is_none_is_refused_whatever_the_article_is(archive):
    for line in ("PUT /v1/articles/absent", "DELETE /v1/articles/absent"):
        given = {"title": "Absent"} if line.startswith("PUT") else None
        answer = archive.send(line, given, Idempotency_Key="", If_Match="*")
        assert (answer.status_code, answer.json["code"]) == (400, "invalid-parameter")


def test_too_many_lines_are_refused_and_as_many_as_may_be_are_not(archive):
    answer = archive.send("POST /v1/articles", "1\n" * (LINES + 1), Content_Type=LINED)
    assert (answer.status_code, answer.json["code"]) == (413, "body-too-large")
    answer = archive.send("POST /v1/articles", "1\n" * LINES, Content_Type=LINED)
    assert (answer.status_code, answer.json["code"]) == (400, "invalid-article")


@settings(max_examples=150)
@given(
    st.binary(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "title", "body", "url", "speakers", "date", "fetched", "html"])
                | st.text(max_size=3),
                inner,
                max_size=4,
            )
        ),
        max_leaves=6,
    ).map(lambda value: json.dumps(value).encode()),
    st.sampled_from([JSON, LINED]),
    st.sampled_from(["POST /v1/articles", "PUT /v1/articles/x", "PUT /v1/articles/%C3%A9"]),
    st.sampled_from(["", "*", '"a"', 'W/"a.b"', '"', 'x"y"', "é", '"a", ']),
)
def test_no_body_and_no_condition_is_our_fault(archive, body, media_type, line, match):
    condition = {"If_Match": match.encode().decode("latin-1")} if match else {}
    answer = archive.send(line, body, Content_Type=media_type, **condition)
    assert answer.status_code in {202, 400, 412, 415, 429}, (answer.text, body)


def test_a_full_inbox_asks_for_patience(tmp_path):
    made = Archive(tmp_path)
    big = {"title": "x", "body": "y" * 9_000}
    answers = [made.send(f"PUT /v1/articles/{n}", big) for n in range(130)]
    assert answers[0].status_code == 202
    assert (answers[-1].status_code, answers[-1].json["code"]) == (429, "rate-limited")
    assert int(answers[-1].headers["Retry-After"]) > 0
    taken = sum(answer.status_code == 202 for answer in answers)
    made.inbox.close()
    made.inbox.path.write_bytes(b"no database" * 1_000)
    broken = made.send("PUT /v1/articles/z", big)
    assert (broken.status_code, broken.json["code"]) == (503, "writes-unavailable")
    assert str(tmp_path) not in broken.text
    assert taken > 100


def test_who_waits_takes_no_more_seats_than_there_are(tmp_path):
    """Without a follower the first one would wait for long: the second is answered at once."""
    made = Archive(tmp_path)
    first = threading.Thread(
        target=made.send, args=("PUT /v1/articles/a?wait=true", {"title": "A", "language": "en"})
    )
    first.start()
    until(lambda: not made.desk.seats._value, "the one who sits")  # to ask is to sit down
    answer = made.send("PUT /v1/articles/b?wait=true", {"title": "B", "language": "en"})
    assert (answer.status_code, answer.json["status"]) == (202, "waiting")
    assert first.is_alive(), "the second waited as long as the first"
    made.follower.run(lambda _: None, once=True)
    first.join()
    made.inbox.close()


def test_without_a_key_for_it_writing_is_off(tmp_path):
    writer = open_writer(tmp_path, language="en")
    writer.commit()
    client = testing.TestClient(create_app(EmbeddedSearcher(tmp_path), cursor_key=b"k"))
    for path, item in OPENAPI["paths"].items():
        for method in item.keys() & {"get", "post", "put", "delete"}:
            name = path if method == "get" else f"{method.upper()} {path}"
            if name in NEEDING_A_KEY:
                answer = client.simulate_request(method.upper(), path.replace("{id}", "a"))
                assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    assert client.simulate_get("/v1/search").status_code == 200


def test_a_client_sends_what_it_may_and_then_waits(tmp_path):
    made = Archive(tmp_path, limits=Limits(3, 3600), proxies=("127.0.0.1",))

    def ask(client, path="/v1/search", key=READ):
        return made.send(f"GET {path}", key=key, X_Forwarded_For=client)

    left = [
        re.fullmatch(r'"default";r=(\d+);t=(\d+)', ask("8.8.8.8", key=None).headers["RateLimit"])
        for _ in "abc"
    ]
    assert [int(one[1]) for one in left] == [2, 1, 0]
    over = ask("8.8.8.8", key=None)
    assert (over.status_code, over.json["code"]) == (429, "rate-limited")
    assert over.headers["RateLimit-Policy"] == '"default";q=3;w=3600'
    assert 0 < int(over.headers["Retry-After"]) <= 1_200
    assert ask("9.9.9.9", key=None).status_code == 401
    assert ask("8.8.8.8").status_code == 200, "a key is a client of its own"
    assert ask("8.8.8.8", "/healthz").status_code == 200
    assert "RateLimit" not in ask("8.8.8.8", "/healthz").headers


def test_only_a_proxy_that_is_believed_names_clients(tmp_path):
    made = Archive(tmp_path, limits=Limits(1, 3600))
    assert made.send("GET /v1/search", key=None, X_Forwarded_For="8.8.8.8").status_code == 401
    assert made.send("GET /v1/search", key=None, X_Forwarded_For="9.9.9.9").status_code == 429
