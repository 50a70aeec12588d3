"""Mails: real words, a working link, the product's look, and nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.adapter import AccountAdapter
from moodmusic.mail import Paragraph, paragraphs_of
from tests.factories import PASSWORD
from tests.process import BASE_DIR

pytestmark = pytest.mark.django_db

NEW = "brown-heron-hums-17"
NAMES = sorted(
    path.name.removesuffix("_subject.txt")
    for path in (BASE_DIR / "templates" / "account" / "email").glob("*_subject.txt")
)
CONTEXT = {
    "email": "asha+new@example.org",
    "from_email": "old@example.org",
    "to_email": "new@example.org",
    "deleted_email": "old@example.org",
    "password_reset_url": "http://music.example/reset/?a=1&b=2",
    "activate_url": "http://music.example/confirm/",
    "signup_url": "http://music.example/signup/",
    "current_site": {"domain": "music.example", "name": "music.example"},
    "ip": "192.0.2.7",
    "user_agent": "Firefox's <best>",
}


def html_of(message: Any) -> str:
    (alternative,) = message.alternatives
    assert alternative.mimetype == "text/html"
    return str(alternative.content)


def test_a_forgotten_password_is_set_anew_by_the_link_in_the_mail(owner: Any) -> None:
    client = Client()

    client.post(reverse("account_reset_password"), {"email": owner.email})
    (message,) = mail.outbox
    (link,) = re.findall(r"^http://testserver(/\S+)$", message.body, re.MULTILINE)
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})

    assert message.to == [owner.email]
    assert message.subject == "Set a new MoodMusic password"
    assert f'href="http://testserver{link}">Set a new password</a>' in html_of(message)
    assert Client().login(email=owner.email, password=NEW)
    assert not Client().login(email=owner.email, password=PASSWORD)
    # The second mail tells that it happened; the link has done its work.
    assert mail.outbox[1].subject == "Your MoodMusic password was set anew"
    assert "127.0.0.1" in mail.outbox[1].body
    assert "Set password" not in Client().get(link, follow=True).content.decode()


def test_an_unknown_address_is_told_so_by_mail_alone(settings: Any) -> None:
    settings.ACCOUNT_PREVENT_ENUMERATION = True
    client = Client()

    answer = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})

    assert answer["Location"] == reverse("account_reset_password_done")
    (message,) = mail.outbox
    assert message.subject == "No MoodMusic account with this address"
    assert reverse("account_signup") in message.body


def test_a_changed_password_is_told(client_of: Any, owner: Any) -> None:
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}

    client_of(owner).post(reverse("account_change_password"), form)

    (message,) = mail.outbox
    assert (message.to, message.subject) == (
        [owner.email],
        "Your MoodMusic password was changed",
    )
    assert "set a new password now" in message.body


@pytest.mark.parametrize(
    ("name", "code"), [("email_confirmation", ""), *((name, "KZT-4QM") for name in NAMES)]
)
def test_every_mail_reads_well_as_text_and_in_colours(rf: Any, name: str, code: str) -> None:
    context = {**CONTEXT, "code": code, "timestamp": timezone.now()}

    message = AccountAdapter(rf.get("/")).render_mail(
        f"account/email/{name}", "asha@example.org", context
    )
    html = html_of(message)

    assert isinstance(message, EmailMultiAlternatives)
    assert "\n" not in message.subject
    assert len(message.subject) < 60
    assert "&amp;" not in message.body
    assert "&#x27;" not in message.body
    assert "  " not in message.body
    assert "\n\n\n" not in message.body
    assert "This mail comes from MoodMusic on music.example" in message.body
    assert "None" not in message.body
    assert "!" not in message.body
    assert "<best>" not in html
    # Everything that the text leads to, the HTML leads to.
    for link in re.findall(r"http\S+", message.body):
        assert f'href="{link.replace("&", "&amp;")}"' in html
    assert re.findall(r"<(?:img|script|link)\b", html) == []


def test_all_mails_of_the_package_have_words_of_ours() -> None:
    import allauth.account

    theirs = Path(allauth.account.__file__).parent.parent / "templates" / "account" / "email"
    aliases = {"email_confirmation_signup"}  # includes email_confirmation

    assert {
        path.name.removesuffix("_subject.txt") for path in theirs.glob("*_subject.txt")
    } - aliases == set(NAMES)


def test_paragraphs_know_links_and_codes() -> None:
    assert paragraphs_of("One\nline.\n\nGo on:\nhttp://a.example/x\n \n482-913\n") == [
        Paragraph("One line."),
        Paragraph("Go on", "http://a.example/x"),
        Paragraph("482-913", code=True),
    ]


def test_the_html_tells_programs_nothing_by_pictures() -> None:
    html = render_to_string(
        "mail.html", {"subject": "A", "paragraphs": [], "foot": Paragraph("Foot.")}
    )

    assert '<html lang="en-gb" dir="ltr">' in html
    assert "prefers-color-scheme: dark" in html
