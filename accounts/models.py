"""Users by e-mail, and their consent to having a face read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Users(models.QuerySet["User"]):
    """Users who leave nothing behind, deleted by themselves or in the administration.

    Not on `post_delete`: of rows that may be without a user, such as songs, Django deletes some
    after the user, and what they leave (their history) would stay.
    """

    def delete(self) -> tuple[int, dict[str, int]]:
        from accounts.holdings import leave_nothing

        with transaction.atomic(using=self.db):
            gone = list(self.values_list("pk", "email"))
            deleted = super().delete()
            for user_id, email in gone:
                leave_nothing(user_id=user_id, email=email)
        return deleted

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class EmailUserManager(UserManager["User"]):
    """Creates users that have no user name."""

    _queryset_class = Users

    def _create(self, email: str, password: str | None, **fields: Any) -> User:
        if not email:
            raise ValueError("a user needs an e-mail address")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(  # type: ignore[override]
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        return self._create(email, password, **{"is_staff": False, "is_superuser": False, **fields})

    def create_superuser(  # type: ignore[override]
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        return self._create(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class Language(models.TextChoices):
    """Languages of the product, each in its own words."""

    ENGLISH = "en", "English"
    HINDI = "hi", "हिन्दी"


class KeepFor(models.IntegerChoices):
    """Days that the history of moods is kept; 0 for ever."""

    DAYS_30 = 30, _("30 days")
    DAYS_90 = 90, _("90 days")
    FOREVER = 0, _("For ever")


def keep_days_new() -> int:
    """What new accounts begin with (MOODMUSIC_KEEP_FOR). Changing it changes nobody's choice."""
    return int(settings.KEEP_MOODS_DAYS)


class User(AbstractUser):
    """A listener, curator or administrator; signs in by e-mail address."""

    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    #: "": what the browser or phone asks for.
    language = models.CharField(max_length=8, choices=Language, blank=True)
    #: Name in the IANA database, such as "Asia/Kolkata"; "": the browser's.
    time_zone = models.CharField(max_length=64, blank=True)
    keep_days = models.PositiveSmallIntegerField(choices=KeepFor, default=keep_days_new)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = EmailUserManager()  # type: ignore[misc]

    class Meta(AbstractUser.Meta):
        # Addresses are stored in lower case (clean, the manager, allauth); this is the guard.
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_an_address")]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """See `Users.delete`."""
        from accounts.holdings import leave_nothing

        user_id, email = self.pk, self.email
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            leave_nothing(user_id=user_id, email=email)
        return deleted


class Consent(models.Model):
    """One answer to "may we read your face?"; kept after withdrawal as evidence, without images."""

    user = models.ForeignKey(User, models.CASCADE, related_name="consents")
    #: Version of the text that was shown (accounts.services.CONSENT_VERSION).
    version = models.PositiveSmallIntegerField()
    granted_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(withdrawn_at=None), name="one_standing_consent"
            )
        ]
        ordering = ["-granted_at"]

    def __str__(self) -> str:
        return f"consent {self.version} of {self.user_id}"
