"""Which songs a listener has heard: asked here, answered by the app above that keeps the plays."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q

from accounts.models import User

_answers: list[Callable[[User], Q]] = []


def heard_register(answer: Callable[[User], Q]) -> None:
    """`answer(user)` is a condition on songs; the app that keeps plays gives it when it starts."""
    _answers[:] = [answer]


def heard_by(user: User) -> Q:
    """A condition on songs: the listener has heard or rated them."""
    return _answers[0](user)
