from functools import partial
from typing import Any

from django.apps import AppConfig
from django.db import transaction
from django.db.models.signals import post_delete


def frames_left(instance: Any, **kwargs: Any) -> None:
    """A capture was deleted, with its account or by age: its frames go at once."""
    from emotions.frames import frames_delete

    if instance.frames_deleted_at is None:
        transaction.on_commit(partial(frames_delete, instance.pk), robust=True)


class EmotionsConfig(AppConfig):
    name = "emotions"

    def ready(self) -> None:
        from accounts.holdings import register
        from emotions.holdings import HOLDING
        from emotions.models import Capture

        register(HOLDING)
        post_delete.connect(frames_left, sender=Capture, dispatch_uid="emotions.frames_left")
