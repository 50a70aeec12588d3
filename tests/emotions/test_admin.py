"""The admin of captures and readings: for superusers, to look at."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emotions.factories import CaptureFactory, ReadingFactory
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_superusers_look_and_nobody_writes(
    owner: Any, curator: Any, anonymous: Any, client_of: Any
) -> None:
    # Given a capture and a reading
    capture = CaptureFactory(user=owner)
    reading = ReadingFactory(user=owner, capture=capture, note="Nobody else's business.")
    root = UserFactory(is_staff=True, is_superuser=True)
    pages = [
        "/admin/emotions/capture/",
        f"/admin/emotions/capture/{capture.pk}/change/",
        "/admin/emotions/reading/",
        f"/admin/emotions/reading/{reading.pk}/change/",
    ]

    # Then a superuser sees them, without a picture and without a way to change them
    seen = [client_of(root).get(page) for page in pages]
    assert [page.status_code for page in seen] == [200] * 4
    for page in seen:
        assert b"owner@example.org" in page.content
        assert b'name="_save"' not in page.content
        assert b"frames/" not in page.content
        assert b"business" not in page.content
    for page in (f"{pages[0]}add/", f"/admin/emotions/reading/{reading.pk}/delete/"):
        assert client_of(root).get(page).status_code == 403

    # And to everybody else they are closed
    assert [client_of(curator).get(page).status_code for page in pages] == [403] * 4
    assert {client_of(owner).get(page).status_code for page in pages} <= {302, 403}
    assert {client_of(anonymous).get(page).status_code for page in pages} == {302}


def test_a_superuser_can_erase_a_listener_with_all_their_readings(
    owner: Any, client_of: Any
) -> None:
    ReadingFactory(user=owner, capture=CaptureFactory(user=owner))
    root = UserFactory(is_staff=True, is_superuser=True)

    answer = client_of(root).post(f"/admin/accounts/user/{owner.pk}/delete/", {"post": "yes"})

    assert answer.status_code == 302
    assert not type(owner).objects.filter(pk=owner.pk).exists()
