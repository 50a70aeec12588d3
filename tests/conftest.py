"""Fixtures shared by all tests: the personas, and a worker that runs real tasks."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from rest_framework.test import APIClient

from tests.workers import worker_running


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip tests of services that do not answer, unless the caller insists on them.

    In parallel the tests of a file stay together (`--dist loadfile`), so that those of a browser
    start one stack and not one in each process. xdist 3.8 cannot tell pytest 9.2's groups apart.
    """
    wanted = [item for item in items if "services" in item.keywords]
    if wanted and os.environ.get("MOODMUSIC_TEST_SERVICES") != "require":
        silent = [
            name for name, port in (("PostgreSQL", 5432), ("Redis", 6379)) if not _answers(port)
        ]
        if silent:
            reason = f"{' and '.join(silent)} did not answer on 127.0.0.1"
            for item in wanted:
                item.add_marker(pytest.mark.skip(reason=reason))
    for item in items:
        # A transactional test empties every table afterwards, rows of data migrations included.
        names = getattr(item, "fixturenames", [])
        marker = item.get_closest_marker("django_db")
        marked = marker is not None and (marker.args[:1] or [marker.kwargs.get("transaction")])[0]
        if marked or {"transactional_db", "live_server"} & set(names):
            emptying = pytest.mark.django_db(transaction=True, serialized_rollback=True)
            item.add_marker(emptying, append=False)
            if names[0] != "_rows_put_back":
                names.insert(0, "_rows_put_back")


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Throttle counters and cached catalogue matrices must not leak into the next test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _language_of_the_code() -> None:
    """What a request before asked for must not be spoken in the next test."""
    translation.deactivate()


@pytest.fixture
def _rows_put_back(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Rows of data migrations are there again after a transactional test, whichever comes next.

    pytest-django runs transactional tests last, but by file and in parallel others follow them.
    The first fixture of its test, so that it ends after the tables were emptied.
    """
    from django.db import connection

    yield
    with django_db_blocker.unblock():
        connection.creation.deserialize_db_from_string(connection._test_serialized_contents)


# --- Personas -------------------------------------------------------------------------------------


@pytest.fixture
def owner(db: None) -> Any:
    """The listener whose things a test is about."""
    from tests.factories import UserFactory

    return UserFactory(email="owner@example.org")


@pytest.fixture
def other(db: None) -> Any:
    """Another listener, who must not see the owner's things."""
    from tests.factories import UserFactory

    return UserFactory(email="other@example.org")


@pytest.fixture
def curator(db: None) -> Any:
    """Staff who may edit the catalogue in the admin, and no more."""
    from accounts.selectors import CURATOR_GROUP
    from tests.factories import UserFactory

    user = UserFactory(email="curator@example.org", is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=CURATOR_GROUP)[0])
    return user


@pytest.fixture
def anonymous() -> AnonymousUser:
    """Nobody signed in."""
    return AnonymousUser()


@pytest.fixture
def client_of() -> Callable[[Any], Client]:
    """A browser-like client for a persona; a fresh one without a session for `anonymous`."""

    def make(user: Any) -> Client:
        client = Client()
        if user.is_authenticated:
            client.force_login(user)
        return client

    return make


@pytest.fixture
def api_of() -> Callable[[Any], APIClient]:
    """An API client for a persona; unauthenticated for `anonymous`."""

    def make(user: Any) -> APIClient:
        client = APIClient()
        if user.is_authenticated:
            client.force_authenticate(user)
        return client

    return make


# --- Tasks ----------------------------------------------------------------------------------------


@pytest.fixture
def celery_worker(transactional_db: None) -> Iterator[Any]:
    """A real worker, in a thread, on both queues: messages are serialised, sent and consumed.

    Give the test `transactional_db` semantics (this fixture asks for it), so that rows are
    committed and messages are rung.
    """
    with worker_running(["default", "inference"], pool="solo") as worker:
        yield worker
