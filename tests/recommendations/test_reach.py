"""How many listeners songs have, for the curators' queue."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Song
from catalog.tasks import weigh_queue
from recommendations.models import Play, Rating
from recommendations.popularity import listeners_of_songs
from tests.catalog.factories import SongFactory

pytestmark = pytest.mark.django_db


def test_listeners_are_counted_once_and_private_listening_not_at_all(
    owner: Any, other: Any
) -> None:
    heard, rated, private = SongFactory(), SongFactory(), SongFactory()
    for _ in range(3):
        Play.objects.create(user=owner, song=heard)
    Rating.objects.create(user=owner, song=heard, stars=4)
    Rating.objects.create(user=other, song=heard, stars=1)
    Rating.objects.create(user=other, song=rated, stars=5)
    Play.objects.create(user=owner, song=private, private=True)

    assert dict(listeners_of_songs()) == {heard.pk: 2, rated.pk: 1}

    # The hourly task asks for them by itself, and forgets what is no longer so
    weigh_queue()
    reach = dict(Song.objects.values_list("pk", "reach"))
    assert reach == {heard.pk: 2, rated.pk: 1, private.pk: 0}
    assert Song.objects.get(pk=heard.pk).gain == 3.0
    Rating.objects.filter(song=rated).delete()
    weigh_queue()
    assert Song.objects.get(pk=rated.pk).reach == 0
