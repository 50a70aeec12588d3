"""Users by e-mail, and their consent to having a face read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class EmailUserManager(UserManager["User"]):
    """Creates users that have no user name."""

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


class User(AbstractUser):
    """A listener, curator or administrator; signs in by e-mail address."""

    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)

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
