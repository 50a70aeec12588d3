"""The admin: the policy is edited by those who may, private things are for superusers alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from catalog.models import Song
from recommendations.models import Policy, SongList
from tests.factories import UserFactory
from tests.recommendations.factories import RatingFactory

PRIVATE = ("songlist", "rating", "play", "verdict", "moodafter")


@pytest.fixture
def superuser(db: None) -> Any:
    return UserFactory(email="root@example.org", is_staff=True, is_superuser=True)


def test_superusers_look_at_private_things_and_change_none(
    superuser: Any, owner: Any, songs: list[Song], client_of: Callable[[Any], Client], a_list: Any
) -> None:
    client = client_of(superuser)
    song_list: SongList = a_list(owner)
    rating = RatingFactory(user=owner, song=songs[0])

    for name in (*PRIVATE, "modelversion", "policy"):
        assert client.get(f"/admin/recommendations/{name}/").status_code == 200
    assert client.get(f"/admin/recommendations/songlist/{song_list.pk}/change/").status_code == 200
    url = f"/admin/recommendations/rating/{rating.pk}/change/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"stars": 1}).status_code == 403
    assert client.get("/admin/recommendations/rating/add/").status_code == 403


def test_curators_see_nothing_private_even_with_the_permission(
    curator: Any, client_of: Callable[[Any], Client]
) -> None:
    curator.user_permissions.add(
        *Permission.objects.filter(content_type__app_label="recommendations")
    )
    client = client_of(curator)

    for name in PRIVATE:
        assert client.get(f"/admin/recommendations/{name}/").status_code == 403
    assert client.get("/admin/recommendations/policy/").status_code == 200


def test_an_administrator_edits_a_policy(
    superuser: Any, client_of: Callable[[Any], Client]
) -> None:
    policy = Policy.objects.get(emotion="sad", goal="lift")
    client = client_of(superuser)
    url = f"/admin/recommendations/policy/{policy.pk}/change/"

    assert client.post(url, {"valence": 0.5, "arousal": 7}).status_code == 200  # off the plane
    assert client.post(url, {"valence": 0.5, "arousal": 0.1}).status_code == 302

    policy.refresh_from_db()
    assert (policy.emotion, policy.goal) == ("sad", "lift")
    assert (policy.valence, policy.arousal) == (0.5, 0.1)
