"""Schemathesis: whatever is sent, in the schema's terms or against them, nothing breaks.

Bounded and repeatable: a fixed seed and few examples for each operation. What it finds becomes an
ordinary test beside the code it is about.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from rest_framework.test import APIClient
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
)

from accounts.headless import ENDPOINTS
from accounts.models import User
from accounts.services import consent_grant
from moodmusic.wsgi import application
from tests.factories import PASSWORD
from tests.things import things_of

#: For each operation; ten are enough to meet every kind of value once or twice.
EXAMPLES = 10
#: allauth answers in shapes of its own, which its description only sketches.
OF_ALLAUTH = {f"/api/v1/{where}" for where in ENDPOINTS}

bounded = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def server(environ: dict[str, Any], start_response: Any) -> Any:
    """Our WSGI application behind a socket, which the test's transport lacks."""
    return application({"REMOTE_ADDR": "127.0.0.1", **environ}, start_response)


def token_of(user: User) -> str:
    answer = APIClient().post(
        "/api/v1/auth/login", {"email": user.email, "password": PASSWORD}, format="json"
    )
    token: str = answer.json()["meta"]["session_token"]
    return token


def fuzz(operation: Any, ids: dict[str, Any], token: str) -> int:
    """Send EXAMPLES requests to one operation, at objects that exist; how many were sent."""
    checks = [not_a_server_error]
    if operation.path not in OF_ALLAUTH:
        checks += [content_type_conformance, response_schema_conformance]
    sent = 0

    @seed(2013)
    @bounded
    @given(case=operation.as_strategy())
    def example(case: Any) -> None:
        nonlocal sent
        sent += 1
        cache.clear()  # the rate limits, which would answer in the endpoint's place
        for name in case.path_parameters or ():
            case.path_parameters[name] = str(ids[name])
        case.call_and_validate(checks=checks, headers={"X-Session-Token": token})

    example()
    return sent


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)  # the real WSGI handler closes its connections
def test_no_request_breaks_an_endpoint(owner: User) -> None:
    consent_grant(user=owner)
    ids = things_of(owner).ids()
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", server)

    sent = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        cache.clear()
        try:
            sent[operation.label] = fuzz(operation, ids, token_of(owner))
        except Unsatisfiable:
            sent[operation.label] = 0

    assert len(sent) > 30
    assert sum(sent.values()) > 150
