"""Every kernel is compiled before a request has its time counted, as the service does before it forks."""

import pytest

from search.warm import warm


@pytest.fixture(scope="session", autouse=True)
def _compiled():
    warm()
