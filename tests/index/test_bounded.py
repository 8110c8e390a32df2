"""Limits of time and memory cost the task that goes over them, and nothing else."""

import multiprocessing
import os
import signal
import threading
import time
from multiprocessing import forkserver

import pytest

from index.bounded import Outcome, Workers
from index.children import undisturbed

SLEEP = "__import__('time').sleep(60)"
DIE = "__import__('os')._exit(1)"
HOG = "len(bytearray(2**40))"
SHORT = 2.0
"""Seconds of a limit: a process that starts on a busy machine takes a part of one."""

KILL = "__import__('os').kill(__import__('os').getpid(), 9)"


@pytest.fixture(autouse=True, scope="module")
def _server():
    # The server of the whole test run starts here or elsewhere first, and always with these.
    multiprocessing.get_context("forkserver").set_forkserver_preload(["index.tasks"])
    forkserver.ensure_running()


def run(expressions, attempts=(eval,), **options):
    with Workers(attempts, **{"jobs": 1, "seconds": 20.0, "memory": 2**28} | options) as workers:
        return [outcome for _, outcome in workers.map(enumerate(expressions))]


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_outcomes_come_in_the_order_of_tasks(jobs):
    expressions = [f"{n} * {n}" for n in range(20)]
    with Workers([eval], jobs=jobs, seconds=20, memory=2**28) as workers:
        found = list(
            workers.map(
                (label, expression)
                for label, expression in zip("abcdefghijklmnopqrst", expressions, strict=True)
            )
        )
    assert found == [(label, Outcome(n * n)) for n, label in enumerate("abcdefghijklmnopqrst")]


def test_what_takes_too_long_is_ended_and_named():
    found = run(["1", SLEEP, "3"], seconds=SHORT)
    assert found == [Outcome(1), Outcome(None, "took longer than 2 s"), Outcome(3)]


def test_what_takes_too_much_memory_is_named():
    found = run(["1", HOG, "3"], jobs=2)
    assert found == [Outcome(1), Outcome(None, "took more than 268,435,456 bytes of memory"), Outcome(3)]


def test_a_process_that_dies_at_work_or_idle_is_replaced():
    ended = Outcome(None, "ended the process that worked on it")
    assert run(["1", DIE, KILL, "4"]) == [Outcome(1), ended, ended, Outcome(4)]
    with Workers([eval], jobs=1, seconds=20, memory=2**28) as workers:
        assert list(workers.map([("a", "1")])) == [("a", Outcome(1))]
        (child,) = multiprocessing.active_children()
        child.kill()
        child.join()
        assert list(workers.map([("b", "2")])) == [("b", Outcome(2))]


def test_an_exception_is_a_reason():
    (found,) = run(["1 / 0"])
    assert found == Outcome(None, "ZeroDivisionError while it was worked on: division by zero")


def test_the_next_attempt_is_for_what_went_over_a_limit():
    found = run([SLEEP, HOG, "1 / 0", "4"], attempts=(eval, len), seconds=SHORT)
    assert found == [
        Outcome(len(SLEEP), "took longer than 2 s"),
        Outcome(len(HOG), "took more than 268,435,456 bytes of memory"),
        Outcome(None, "ZeroDivisionError while it was worked on: division by zero"),
        Outcome(4),
    ]


def test_where_no_attempt_succeeds_the_first_says_why():
    assert run([SLEEP], attempts=(eval, int), seconds=SHORT) == [Outcome(None, "took longer than 2 s")]


def test_workers_end_with_their_block():
    with Workers([eval], jobs=2, seconds=20, memory=2**28) as workers:
        (pids,) = [
            {outcome.value for _, outcome in workers.map(enumerate(["__import__('os').getpid()"] * 2))}
        ]
        assert pids == {child.pid for child in multiprocessing.active_children()}
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_waits_until_a_process_is_told_all_whichever_thread_it_meets(number):
    over = threading.Event()
    other = threading.Thread(target=over.wait)
    before = signal.signal(number, signal.default_int_handler)
    other.start()
    told = []
    try:
        with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - where it is raised is the question
            with undisturbed():
                os.kill(os.getpid(), number)
                time.sleep(0.01)  # here it would be handled
                told.append("all")
            told.append("more")
        assert signal.getsignal(number) is signal.default_int_handler
    finally:
        signal.signal(number, before)
        over.set()
        other.join()
    assert told == ["all"]


def test_who_ignores_interruptions_is_not_interrupted_by_starting_a_process():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with undisturbed():
            os.kill(os.getpid(), signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
