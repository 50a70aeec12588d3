"""`manage.py analyze_audio`: have the catalogue's audio files measured."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from catalog.analysis import REASONS, measurer
from catalog.models import Analysis, AudioFile
from catalog.services import (
    analyses_request,
    analyses_retry,
    analyses_run,
    analyses_waiting,
)


class Command(BaseCommand):
    help = (
        "Have audio files measured that are not, by the analysis workers or, with --now, here. "
        "Safe to repeat and to interrupt."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="measured files too, anew")
        parser.add_argument("--retry", action="store_true", help="failed files too")
        parser.add_argument("--limit", type=int, default=None, help="at most so many files")
        parser.add_argument("--now", action="store_true", help="measure here, showing progress")

    def handle(self, *args: Any, **options: Any) -> None:
        limit = options["limit"]
        if limit is not None and limit < 1:
            raise CommandError("--limit: use a whole number from 1 on.")
        files = AudioFile.objects.order_by("pk")
        if not options["all"]:
            files = files.exclude(analysis__state=Analysis.State.FAILED)
        wanted = list(files.values_list("pk", flat=True)[:limit])
        requested = analyses_request(files=wanted, again=options["all"])
        if options["retry"]:
            failed = Analysis.objects.filter(state=Analysis.State.FAILED).order_by("pk")
            some = list(failed.values_list("pk", flat=True)[:limit])
            requested += analyses_retry(analyses=Analysis.objects.filter(pk__in=some))
        waiting = analyses_waiting()
        if not options["now"]:
            self.stdout.write(f"{requested} files requested, {waiting} wait to be measured.")
            return
        self._measure(min(waiting, limit or waiting), silent=options["verbosity"] < 1)

    def _measure(self, total: int, *, silent: bool) -> None:
        ended: Counter[str] = Counter()
        with tqdm(total=total, desc="Measuring", unit=" files", leave=False, disable=silent) as bar:

            def progress(analysis: Analysis) -> None:
                bar.update(1)
                if analysis.state == Analysis.State.FAILED:
                    ended[analysis.reason] += 1
                    bar.write(f"{analysis.file.path}: {REASONS[analysis.reason]}", self.stderr)
                elif analysis.state == Analysis.State.DONE:
                    ended["done"] += 1

            try:
                analyses_run(limit=total, progress=progress)
            finally:
                measurer().close()
        failed = sum(ended.values()) - ended["done"]
        self.stdout.write(f"{ended['done']} files measured, {failed} failed.")
        for reason, count in sorted(ended.items()):
            if reason != "done":
                self.stdout.write(f"  {count} {reason}: {REASONS[reason]}")
