"""Pages of lists: making one, stars, and "not this"."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from catalog.models import Song
from recommendations.models import ListWishes, Rating, SongList, Verdict
from tests.moodmusic.pages import HTMX, text_of
from tests.things import Things, things_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(owner: Any) -> Things:
    return things_of(owner)


def test_by_hand_to_a_list_in_two_posts(client_of: Any, owner: Any, things: Things) -> None:
    client = client_of(owner)
    Song.objects.update(has_files=True)  # songs that can be heard

    reading = client.post(reverse("reading_create"), {"emotion": "happy"})["Location"]
    response = client.post(f"{reading}lists/", {"goal": "match"}, follow=True)

    made = SongList.objects.filter(user=owner).latest("created_at")
    assert response.redirect_chain == [(reverse("list_detail", args=[made.pk]), 303)]
    item = made.items.select_related("song").get(position=1)
    html = response.content.decode()
    assert item.song.title in html
    assert item.reason in html
    assert reverse("song_audio", args=[item.song_id]) in html
    # One that cannot be heard has no button that would fail
    Song.objects.filter(pk=item.song_id).update(has_files=False)
    silent = client.get(reverse("list_detail", args=[made.pk])).content.decode()
    assert item.song.title in silent
    assert reverse("song_audio", args=[item.song_id]) not in silent


def test_an_unknown_goal_is_refused_in_words(client_of: Any, owner: Any, things: Things) -> None:
    address = reverse("list_create", args=[things.reading.pk])

    response = client_of(owner).post(address, {"goal": "rage"})

    assert response.status_code == 400
    assert "goal" in text_of(response)


def test_stars_are_saved_without_scripts(client_of: Any, owner: Any, things: Things) -> None:
    client, address = client_of(owner), reverse("rating_set", args=[things.song.pk])
    form = {"list": str(things.song_list.pk)}
    page = reverse("list_detail", args=[things.song_list.pk])

    plain = client.post(address, {**form, "stars": "2"})
    assert (plain.status_code, plain["Location"]) == (303, page)
    assert Rating.objects.get(user=owner, emotion="happy").stars == 2

    client.post(address, {**form, "stars": "0"})
    assert not Rating.objects.filter(user=owner).exists()


@pytest.mark.parametrize("stars", ["6", "-1", "", "five", "٣"])
def test_other_stars_are_refused_in_words(
    client_of: Any, owner: Any, things: Things, stars: str
) -> None:
    before = list(Rating.objects.values_list("stars", flat=True))

    response = client_of(owner).post(
        reverse("rating_set", args=[things.song.pk]), {"stars": stars}, **HTMX
    )

    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode() == "Give 1 to 5 stars."
    assert list(Rating.objects.values_list("stars", flat=True)) == before


def test_not_this_folds_the_row_and_undo_brings_it_back(
    client_of: Any, owner: Any, things: Things
) -> None:
    Verdict.objects.all().delete()
    client, form = client_of(owner), {"list": str(things.song_list.pk)}

    said = client.post(
        reverse("verdict_create", args=[things.song.pk]), {**form, "kind": "never"}, **HTMX
    ).content.decode()
    verdict = Verdict.objects.get(user=owner)
    undo = reverse("verdict_undo", args=[verdict.pk])
    back = client.post(undo, form, **HTMX).content.decode()

    assert verdict.kind == "never"
    assert "song--gone" in said
    assert said.count(f'action="{undo}"') == 2  # in the row, and in the toast
    assert "<html" not in said
    assert "song--gone" not in back
    assert f'id="song-{things.song.pk}"' in back
    assert not Verdict.objects.exists()


# --- Familiar or new ------------------------------------------------------------------------------


def test_the_dial_is_turned_on_a_list_and_the_page_says_so(
    client_of: Any, owner: Any, other: Any, things: Things
) -> None:
    client, page = client_of(owner), reverse("list_detail", args=[things.song_list.pk])
    form = {"list": str(things.song_list.pk), "new_percent": "40", "familiar_first": "yes"}

    response = client.post(reverse("wishes_set"), form, follow=True)

    assert response.redirect_chain == [(page, 303)]
    assert "40&nbsp;% new, familiar first" in response.content.decode()
    assert '<option value="40" selected>' in response.content.decode()
    wishes = ListWishes.objects.get(user=owner)
    assert (wishes.new_percent, wishes.familiar_first) == (40, True)
    assert not ListWishes.objects.filter(user=other).exists()

    client.post(reverse("wishes_set"), {"new_percent": ""})
    wishes.refresh_from_db()
    assert (wishes.new_percent, wishes.familiar_first) == (None, False)


def test_a_dial_set_elsewhere_is_among_the_choices(
    client_of: Any, owner: Any, things: Things
) -> None:
    ListWishes.objects.create(user=owner, new_percent=37)

    html = client_of(owner).get(reverse("list_index")).content.decode()

    assert '<option value="37" selected>' in html


@pytest.mark.parametrize("percent", ["101", "-1", "half", "٣", "9999999999"])
def test_other_percentages_are_refused_in_words(
    client_of: Any, owner: Any, things: Things, percent: str
) -> None:
    response = client_of(owner).post(reverse("wishes_set"), {"new_percent": percent})

    assert response.status_code == 400
    assert "0 to 100 percent" in text_of(response)
    assert not ListWishes.objects.exists()


@pytest.mark.parametrize("named", ["theirs", "nonsense"])
def test_the_dial_leads_to_no_list_of_another(
    client_of: Any, other: Any, things: Things, named: str
) -> None:
    form = {"list": str(things.song_list.pk) if named == "theirs" else named, "new_percent": "10"}

    response = client_of(other).post(reverse("wishes_set"), form)

    assert (response.status_code, response["Location"]) == (303, reverse("list_index"))


def test_a_song_to_try_out_is_marked(client_of: Any, owner: Any, things: Things) -> None:
    page = reverse("list_detail", args=[things.song_list.pk])
    assert "To try out" not in text_of(client_of(owner).get(page))

    things.song_list.items.update(tried=True, propensity=0.25)
    Verdict.objects.all().delete()  # a song that is turned down shows only that

    assert "To try out" in text_of(client_of(owner).get(page))
