from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import schema  # noqa: F401 - registers the description of our token
        from accounts.curators import group_ensure
        from accounts.holdings import register
        from accounts.own import HOLDING

        register(HOLDING)
        post_migrate.connect(group_ensure, dispatch_uid="accounts.curators")


class SiteConfig(admin_apps.AdminConfig):
    """The admin, with our rule of who may enter."""

    default = False  # "accounts" in INSTALLED_APPS means the class above
    default_site = "accounts.site.Site"
