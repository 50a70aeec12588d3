from django.apps import AppConfig
from django.db.models.signals import post_delete


class CatalogConfig(AppConfig):
    name = "catalog"

    def ready(self) -> None:
        from catalog.models import AudioFile, Song
        from catalog.services.leftovers import file_left, song_left

        # Whoever deletes an account deletes its songs, by the database's cascades.
        post_delete.connect(file_left, sender=AudioFile, dispatch_uid="catalog.file_left")
        post_delete.connect(song_left, sender=Song, dispatch_uid="catalog.song_left")
