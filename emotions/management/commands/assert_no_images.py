"""`manage.py assert_no_images`: does any picture of a face outlive its reading?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from emotions.evidence import evidence_gather


class Command(BaseCommand):
    help = "Prove that no picture is kept: exits 1 when a frame outlived its capture or 10 minutes."

    def handle(self, *args: Any, **options: Any) -> None:
        found = evidence_gather()
        self.stdout.write(
            f"captures: {found.finished} finished, {found.unfinished} unfinished\n"
            f"stored frames: {found.folders} captures' frames, "
            f"{found.of_finished} of finished captures, {found.too_old} older than 10 minutes"
        )
        if not found.clean:
            raise CommandError("Pictures were kept. Is the default worker, which sweeps, running?")
        self.stdout.write(self.style.SUCCESS("No picture was kept."))
