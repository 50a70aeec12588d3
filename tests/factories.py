"""Factories of what every part needs; each app's own are in tests/<app>/factories.py."""

from __future__ import annotations

from typing import Any

import factory

from accounts.models import User

#: Passes every validator; given to `client.login` and the sign-in endpoints.
PASSWORD = "grey-otter-sings-42"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A listener who can sign in with PASSWORD; `consented=True` grants consent to face reading."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"listener{number}@example.org")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        kwargs.setdefault("password", PASSWORD)
        return model_class.objects.create_user(*args, **kwargs)

    @factory.post_generation
    def consented(self: User, create: bool, extracted: bool, **kwargs: Any) -> None:
        from accounts.services import consent_grant

        if create and extracted:
            consent_grant(user=self)
