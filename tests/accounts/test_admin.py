"""Who may enter the admin, and what curators may do there."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.management import call_command
from django.test import Client

from accounts.models import Consent, User
from accounts.selectors import CURATOR_GROUP, is_curator
from accounts.services import consent_grant
from emotions.models import Reading
from recommendations.models import SongList
from tests.factories import PASSWORD, UserFactory
from tests.things import things_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def superuser() -> User:
    return User.objects.create_superuser("admin@example.org", PASSWORD)


def test_a_superuser_is_created_by_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)

    call_command("createsuperuser", "--noinput", email="Root@Example.org", stdout=StringIO())

    user = User.objects.get(email="root@example.org")
    assert user.is_superuser
    assert user.check_password(PASSWORD)


def test_membership_of_the_group_alone_opens_the_admin(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    assert is_curator(user=user) is False
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/login/").status_code == 403

    user.groups.add(Group.objects.get(name=CURATOR_GROUP))

    assert user.is_staff is False
    assert is_curator(user=user) is True
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/login/")["Location"] == "/admin/"
    assert client.get("/api/v1/me").json()["curator"] is True


def test_a_blocked_curator_stays_out(client: Client) -> None:
    user = UserFactory(is_active=False)
    user.groups.add(Group.objects.get(name=CURATOR_GROUP))

    assert is_curator(user=user) is False
    assert is_curator(user=AnonymousUser()) is False


def test_curators_edit_the_catalogue_and_see_no_accounts(client: Client) -> None:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=CURATOR_GROUP))
    client.force_login(user)

    assert user.get_all_permissions() == {
        f"catalog.{verb}_{model}"
        for verb in ("add", "change", "view")
        for model in ("song", "artist", "annotation")
    } | {"catalog.view_mood"}
    for hidden in ("accounts/user", "accounts/consent", "auth/group", "account/emailaddress"):
        assert client.get(f"/admin/{hidden}/").status_code == 403


def test_visitors_are_sent_to_the_ordinary_sign_in(client: Client) -> None:
    answer = client.get("/admin/login/?next=/admin/")

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=%2Fadmin%2F")


def test_the_admin_form_of_django_takes_no_password(client: Client, superuser: User) -> None:
    body = {"username": superuser.email, "password": PASSWORD}

    answer = client.post("/admin/login/", body)

    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_superuser_makes_and_ends_curators(client: Client, superuser: User) -> None:
    client.force_login(superuser)
    user, bystander = UserFactory(), UserFactory()

    def act(action: str) -> None:
        answer = client.post(
            "/admin/accounts/user/", {"action": action, "_selected_action": [user.pk]}
        )
        assert answer.status_code == 302

    act("curators_make")
    assert (is_curator(user=user), is_curator(user=bystander)) == (True, False)
    act("curators_end")
    assert is_curator(user=user) is False


def test_a_superuser_adds_changes_and_deletes_users(client: Client, superuser: User) -> None:
    client.force_login(superuser)

    added = client.post(
        "/admin/accounts/user/add/",
        {
            "email": "Ada@Example.org",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    assert added.status_code == 302, added.context["adminform"].errors
    user = User.objects.get(email="ada@example.org")
    assert user.check_password(PASSWORD)

    page = client.get(f"/admin/accounts/user/{user.pk}/change/")
    assert page.status_code == 200

    # Consent is deleted with its user, and in no other way.
    consent = consent_grant(user=user)
    assert client.post(f"/admin/accounts/consent/{consent.pk}/delete/").status_code == 403
    gone = client.post(f"/admin/accounts/user/{user.pk}/delete/", {"post": "yes"})
    assert gone.status_code == 302
    assert not User.objects.filter(pk=user.pk).exists()


@pytest.mark.parametrize("in_bulk", [False, True])
def test_a_user_is_deleted_with_all_they_left_behind(
    client: Client, superuser: User, in_bulk: bool
) -> None:
    # given a listener with a capture, a reading, a list, a rating, a play and a verdict
    user = UserFactory()
    things = things_of(user)
    client.force_login(superuser)
    assert client.post(f"/admin/recommendations/play/{things.play.pk}/delete/").status_code == 403

    # when a superuser deletes the listener, from their page or from the list of users
    address, form = f"/admin/accounts/user/{user.pk}/delete/", {"post": "yes"}
    if in_bulk:
        address = "/admin/accounts/user/"
        form |= {"action": "delete_selected", "_selected_action": str(user.pk)}
    answer = client.post(address, form)

    # then nothing stands in the way and nothing stays
    assert answer.status_code == 302
    assert not User.objects.filter(pk=user.pk).exists()
    assert not SongList.objects.exists()
    assert not Reading.objects.exists()


def test_an_address_is_taken_in_the_admin_too(client: Client, superuser: User) -> None:
    UserFactory(email="ada@example.org")
    client.force_login(superuser)

    answer = client.post(
        "/admin/accounts/user/add/",
        {"email": "ADA@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert answer.status_code == 200
    assert User.objects.filter(email__iexact="ada@example.org").count() == 1


def test_consent_is_read_only(client: Client, superuser: User, owner: User) -> None:
    consent = consent_grant(user=owner)
    client.force_login(superuser)

    assert client.get("/admin/accounts/consent/").status_code == 200
    page = client.get(f"/admin/accounts/consent/{consent.pk}/change/")
    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert client.get("/admin/accounts/consent/add/").status_code == 403
    client.post(f"/admin/accounts/consent/{consent.pk}/change/", {"version": 9})
    assert Consent.objects.get().version == consent.version


def test_the_group_is_there_after_migrating_and_lasts(
    client_of: Callable[[Any], Client], curator: User
) -> None:
    group = Group.objects.get(name=CURATOR_GROUP)
    group.permissions.clear()

    call_command("migrate", verbosity=0)

    assert group.permissions.count() == 10
    assert client_of(curator).get("/admin/").status_code == 200
