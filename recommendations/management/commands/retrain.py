"""`manage.py retrain`: train the community's model now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from recommendations.services.retraining import retraining_run


class Command(BaseCommand):
    help = "Train the collaborative model on all ratings and plays; active only if no worse."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(retraining_run().line)
