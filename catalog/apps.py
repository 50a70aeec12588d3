from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class CatalogConfig(AppConfig):
    name = "catalog"

    def ready(self) -> None:
        from catalog.search.install import search_install
        from catalog.search.sqlite import function_register

        connection_created.connect(function_register, dispatch_uid="catalog.words")
        post_migrate.connect(search_install, sender=self, dispatch_uid="catalog.search")
