from typing import Any

from django.apps import AppConfig


def forget_opinions(instance: Any, **kwargs: Any) -> None:
    """A listener's opinions go with the account."""
    from catalog.services import opinions_forget

    opinions_forget(user=instance)


class CatalogConfig(AppConfig):
    name = "catalog"

    def ready(self) -> None:
        from django.contrib.auth import get_user_model
        from django.db.models.signals import pre_delete

        pre_delete.connect(
            forget_opinions, sender=get_user_model(), dispatch_uid="catalog.forget_opinions"
        )
