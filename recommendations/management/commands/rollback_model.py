"""`manage.py rollback_model [NUMBER]`: go back to an earlier collaborative model."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from moodmusic.problems import DomainError
from recommendations.services import model_rollback


class Command(BaseCommand):
    help = "Make an earlier model active again: the one before, or the one of a number."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "number", nargs="?", type=int, help="of the model; default: the one before"
        )

    def handle(self, *args: Any, number: int | None, **options: Any) -> None:
        try:
            version = model_rollback(number=number)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Model {version.number} is active: {version.events} events of {version.users} "
            f"listeners on {version.songs} songs, trained {version.created_at:%Y-%m-%d %H:%M} UTC."
        )
