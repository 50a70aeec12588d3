from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_delete, post_migrate, pre_delete


def forget_opinions(instance: Any, **kwargs: Any) -> None:
    """A listener's opinions go with the account."""
    from catalog.services import opinions_forget

    opinions_forget(user=instance)


class CatalogConfig(AppConfig):
    name = "catalog"

    def ready(self) -> None:
        from django.contrib.auth import get_user_model

        from accounts.holdings import register
        from catalog.holdings import HOLDING
        from catalog.models import AudioFile, Song
        from catalog.search.install import search_install
        from catalog.search.sqlite import function_register
        from catalog.services.leftovers import file_left, song_left

        register(HOLDING)
        connection_created.connect(function_register, dispatch_uid="catalog.words")
        post_migrate.connect(search_install, sender=self, dispatch_uid="catalog.search")
        # Whoever deletes an account deletes its songs, by the database's cascades.
        post_delete.connect(file_left, sender=AudioFile, dispatch_uid="catalog.file_left")
        post_delete.connect(song_left, sender=Song, dispatch_uid="catalog.song_left")
        pre_delete.connect(
            forget_opinions, sender=get_user_model(), dispatch_uid="catalog.forget_opinions"
        )
