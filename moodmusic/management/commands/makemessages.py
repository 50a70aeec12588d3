"""`manage.py makemessages`, which `make messages` runs: the catalogue of all texts people see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import allauth
import django
from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands import makemessages

DJANGO, ALLAUTH = Path(django.__file__).parent, Path(allauth.__file__).parent
#: Folder of a package's catalogues -> sources in it whose texts our pages show. A text that the
#: package has in no Hindi of its own is translated in ours, which counts before theirs.
BORROWED = {
    DJANGO / "conf": ("forms/", "core/validators.py", "utils/timesince.py", "utils/dates.py"),
    DJANGO / "contrib" / "auth": ("contrib/auth/password_validation.py",),
    ALLAUTH: ("account/forms.py", "account/adapter.py", "account/fields.py", "templates/account/"),
}
#: Of those, what belongs to ways of signing in that we do not offer.
NOT_OFFERED = ("phone", "code", "passkey")
#: Months that Django's Hindi misspells.
MISSPELT = {"September", "November", "December"}
#: Nobody reads these in a browser.
LEFT_OUT = ["tests/*", "benchmarks/*", "ml/*"]


class Command(makemessages.Command):
    help = "Bring the catalogues below locale/ in step with the texts in code and templates."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        # Files without line numbers: a moved line would change the catalogue.
        parser.set_defaults(locale=["hi"], ignore_patterns=LEFT_OUT, add_location="file")

    def build_potfiles(self) -> list[str]:
        """The texts of the code, and those of packages that have no Hindi."""
        import polib  # a requirement of development, where catalogues are made

        files: list[str] = super().build_potfiles()
        for name in files:
            ours = polib.pofile(name, wrapwidth=0)
            known = {(entry.msgctxt, entry.msgid) for entry in ours}
            ours.extend(entry for entry in borrowed() if (entry.msgctxt, entry.msgid) not in known)
            ours.save()
        return files


def borrowed() -> list[Any]:
    """Entries (polib's) of packages' texts that our pages show and nobody has put into Hindi."""
    import polib

    found: dict[tuple[str | None, str], Any] = {}
    for folder, sources in BORROWED.items():
        theirs = folder / "locale" / "hi" / "LC_MESSAGES" / "django.po"
        done = (
            {(one.msgctxt, one.msgid) for one in polib.pofile(theirs) if one.translated()}
            - {(None, month) for month in MISSPELT}
            if theirs.is_file()
            else set()
        )
        for entry in polib.pofile(folder / "locale" / "en" / "LC_MESSAGES" / "django.po"):
            places = [place for place, _line in entry.occurrences if place.startswith(sources)]
            shown = [one for one in places if not _left_out(one)]
            key = (entry.msgctxt, entry.msgid)
            if not shown or key in done or entry.msgid in {":", ":?.!"}:
                continue
            entry.occurrences = [(f"{folder.name}:{place}", "") for place in shown]
            entry.msgstr = ""
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, "")
            found.setdefault(key, entry)
    return list(found.values())


def _left_out(place: str) -> bool:
    """Whether it is of a way in that we do not offer, or a template that ours replaces."""
    return any(word in place for word in NOT_OFFERED) or (settings.BASE_DIR / place).exists()
