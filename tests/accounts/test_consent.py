"""Consent: given, withdrawn, versioned; kept as evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts import consent, selectors, services
from accounts.models import Consent, User
from moodmusic.problems import DomainError

pytestmark = pytest.mark.django_db
API = "/api/v1/me/consent"


def test_nobody_has_consented_by_default(owner: User) -> None:
    assert selectors.consent_standing(user=owner) is False


def test_granting_twice_is_granting_once(owner: User, other: User) -> None:
    first = services.consent_grant(user=owner)
    second = services.consent_grant(user=owner)

    assert first == second
    assert first.version == services.CONSENT_VERSION == 3
    assert selectors.consent_standing(user=owner) is True
    assert selectors.consent_standing(user=other) is False


def test_withdrawing_keeps_the_row_and_granting_again_makes_a_new_one(owner: User) -> None:
    services.consent_grant(user=owner)
    services.consent_withdraw(user=owner)
    withdrawn_at = Consent.objects.get().withdrawn_at
    assert withdrawn_at is not None
    assert selectors.consent_standing(user=owner) is False

    # Withdrawing again does not change the evidence.
    services.consent_withdraw(user=owner)
    assert Consent.objects.get().withdrawn_at == withdrawn_at

    services.consent_grant(user=owner)
    assert [row.withdrawn_at for row in Consent.objects.all()] == [None, withdrawn_at]


def test_a_new_text_asks_again(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    services.consent_grant(user=owner)

    monkeypatch.setattr(selectors, "CURRENT", replace(consent.CURRENT, version=4))
    monkeypatch.setattr(services, "CONSENT_VERSION", 4)
    assert selectors.consent_standing(user=owner) is False

    services.consent_grant(user=owner)
    assert selectors.consent_standing(user=owner) is True
    assert [(row.version, row.withdrawn_at is None) for row in Consent.objects.all()] == [
        (4, True),
        (3, False),
    ]


def test_agreeing_to_a_text_that_has_changed_is_refused(owner: User) -> None:
    with pytest.raises(DomainError) as caught:
        services.consent_grant(user=owner, version=0)

    assert (caught.value.code, caught.value.status) == ("consent_outdated", 409)
    assert not Consent.objects.exists()


def test_the_database_allows_one_standing_consent(owner: User) -> None:
    services.consent_grant(user=owner)

    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(user=owner, version=3)


def test_the_text_says_what_it_must() -> None:
    text = " ".join(
        [*(str(body) for _, body in consent.CURRENT.points), str(consent.CURRENT.summary)]
    )

    for promise in (
        "deleted as soon as it has been read",
        "when no face was found",
        "probabilities",
        "not a feeling",
        "Not at work and not in a classroom",
        "mood by hand",
        "withdraw at any time",
    ):
        assert promise in text


def test_the_api_shows_the_text_and_takes_the_answer(
    owner: User, other: User, api_of: Callable[[Any], Any]
) -> None:
    api = api_of(owner)

    before = api.get(API).json()
    assert (before["standing"], before["granted_at"]) == (False, None)
    assert before["text"]["version"] == 3
    assert before["text"]["points"][0].keys() == {"heading", "text"}

    granted = api.put(API, {"version": 3}, format="json")
    assert granted.status_code == 200
    assert granted.json()["standing"] is True
    assert granted.json()["granted_at"] is not None
    assert api.put(API, {}, format="json").json()["granted_at"] == granted.json()["granted_at"]
    assert api.get("/api/v1/me").json()["consent"] is True
    assert api_of(other).get(API).json()["standing"] is False

    assert api.delete(API).status_code == 204
    assert api.delete(API).status_code == 204
    assert api.get(API).json()["standing"] is False


def test_the_api_refuses_an_outdated_answer(owner: User, api_of: Callable[[Any], Any]) -> None:
    answer = api_of(owner).put(API, {"version": 7}, format="json")

    assert answer.status_code == 409
    assert answer.json()["code"] == "consent_outdated"
    assert answer.json()["current_version"] == 3
