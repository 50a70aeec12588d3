"""Languages: which one is spoken to whom, and the catalogue of translations."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polib
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import formats, timezone, translation

from accounts.models import User
from catalog.library.formats import NAMES as AUDIO_NAMES
from catalog.models import Mood
from catalog.services.refusal_words import refusal_words
from catalog.services.tables import TableOptions, table_import_create
from catalog.tasks import import_run
from emotions.readings import reading_by_hand
from tests.catalog.factories import SongFactory
from tests.factories import PASSWORD
from tests.moodmusic.pages import text_of
from tests.process import BASE_DIR

CATALOGUE = BASE_DIR / "locale" / "hi" / "LC_MESSAGES" / "django.po"
HINDI = {"HTTP_ACCEPT_LANGUAGE": "hi-IN,hi;q=0.9,en;q=0.5"}
#: Placeholders of Python's two kinds, as templates and code use them.
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{\w*\}")


def language_of(answer: Any) -> str:
    found = re.search(r'<html lang="([\w-]+)" dir="(\w+)"', answer.content.decode())
    assert found, "a page without a language"
    return f"{found[1]} {found[2]}"


# --- Whose language ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_visitor_is_met_in_the_browsers_language(client: Client) -> None:
    assert language_of(client.get("/accounts/login/")) == "en-gb ltr"
    assert language_of(client.get("/accounts/login/", **HINDI)) == "hi ltr"
    american = client.get("/accounts/login/", HTTP_ACCEPT_LANGUAGE="en-US")
    assert language_of(american) == "en-gb ltr"
    assert language_of(client.get("/accounts/login/", HTTP_ACCEPT_LANGUAGE="fr")) == "en-gb ltr"


@pytest.mark.django_db
def test_a_visitor_chooses_a_language_and_stays_on_the_page(client: Client) -> None:
    referer = "http://testserver/about/recommender/"

    answer = client.post("/language/", {"language": "hi"}, HTTP_REFERER=referer)

    assert (answer.status_code, answer["Location"]) == (303, "/about/recommender/")
    cookie = answer.cookies["language"]
    assert (cookie.value, cookie["max-age"], cookie["httponly"]) == ("hi", 365 * 86_400, True)
    assert language_of(client.get("/accounts/login/")) == "hi ltr"
    # The cookie is nobody's but this visitor's.
    assert language_of(Client().get("/accounts/login/")) == "en-gb ltr"


@pytest.mark.django_db
@pytest.mark.parametrize("body", [{"language": "xx"}, {}, {"language": "../hi"}])
def test_a_language_there_is_none_of_changes_nothing(client: Client, body: dict[str, str]) -> None:
    answer = client.post("/language/", body, HTTP_REFERER="https://evil.example/")

    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert "language" not in answer.cookies


def test_an_accounts_language_counts_before_the_browsers(
    owner: User, other: User, client_of: Callable[[Any], Client]
) -> None:
    client = client_of(owner)

    client.post("/language/", {"language": "hi"})

    owner.refresh_from_db()
    other.refresh_from_db()
    assert (owner.language, other.language) == ("hi", "")
    assert language_of(client.get("/settings/")) == "hi ltr"
    assert language_of(client_of(other).get("/settings/")) == "en-gb ltr"
    assert language_of(client_of(other).get("/settings/", **HINDI)) == "hi ltr"
    client.post("/settings/", {"language": "en", "time_zone": ""})
    assert language_of(client.get("/settings/", **HINDI)) == "en-gb ltr"


def test_one_listeners_language_does_not_stay_for_the_next_visitor(
    owner: User, client_of: Callable[[Any], Client]
) -> None:
    owner.language, owner.time_zone = "hi", "Asia/Kolkata"
    owner.save()

    client_of(owner).get("/settings/")
    after = Client().get("/accounts/login/")

    assert language_of(after) == "en-gb ltr"
    assert timezone.get_current_timezone_name() == "UTC"


def test_numbers_and_dates_in_hindi() -> None:
    day = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)

    with translation.override("hi"):
        written = formats.date_format(day, "DATETIME_FORMAT")
        assert re.fullmatch(r"3 [\u0900-\u097f]+ 2026, 14:05", written)
        assert formats.date_format(day, "DATE_FORMAT") == written.partition(",")[0]
        assert formats.number_format(1_234_567.5, force_grouping=True) == "12,34,567.5"
    with translation.override("en-gb"):
        assert formats.date_format(day, "DATE_FORMAT") == "3 Nov 2026"


def test_one_thing_and_several_in_hindi() -> None:
    """Hindi speaks of none as of one."""
    with translation.override("hi"):
        said = [
            translation.ngettext("%(number)s song", "%(number)s songs", number)
            for number in (0, 1, 2)
        ]

    assert said == ["%(number)s गाना", "%(number)s गाना", "%(number)s गाने"]


@pytest.mark.django_db
def test_a_language_from_right_to_left_turns_the_page(client: Client, settings: Any) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("he", "עברית")]

    page = client.get("/accounts/login/", HTTP_ACCEPT_LANGUAGE="he")

    assert language_of(page) == "he rtl"


def test_our_own_styles_name_no_side() -> None:
    """`margin-left` stays on the left where the page is read from the right."""
    sided = re.compile(
        r"^\s*(?:margin|padding|border)-(?:left|right)\b|text-align:\s*(?:left|right)"
    )

    hits = [
        f"{path.name}:{number}"
        for path in [BASE_DIR / "static" / "css" / "privacy.css"]
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if sided.search(line)
    ]

    assert hits == []


# --- Whose time ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("set_zone", "cookie", "wanted"),
    [
        ("", "", "UTC"),
        ("", "America/New_York", "America/New_York"),
        ("Asia/Kolkata", "", "Asia/Kolkata"),
        ("Asia/Kolkata", "America/New_York", "Asia/Kolkata"),
        ("", "../../etc/passwd", "UTC"),
        ("", "Mars/Olympus", "UTC"),
    ],
)
def test_time_is_the_accounts_else_the_browsers_else_the_servers(
    owner: User,
    client_of: Callable[[Any], Client],
    set_zone: str,
    cookie: str,
    wanted: str,
) -> None:
    owner.time_zone = set_zone
    owner.save()
    client = client_of(owner)
    client.cookies["zone"] = cookie

    def there() -> str:
        return formats.date_format(timezone.now().astimezone(ZoneInfo(wanted)), "j F Y, H:i")

    before = there()
    page = text_of(client.get("/settings/"))

    assert any(f"it is {at}." in page for at in (before, there()))


def test_a_zone_there_is_none_of_is_refused(
    owner: User, client_of: Callable[[Any], Client], api_of: Callable[[Any], Any]
) -> None:
    page = client_of(owner).post("/settings/", {"language": "", "time_zone": "Mars/Olympus"})
    answer = api_of(owner).patch("/api/v1/me", {"time_zone": "Mars/Olympus"}, format="json")

    assert page.status_code == 400
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["errors"]) == ["time_zone"]
    owner.refresh_from_db()
    assert owner.time_zone == ""


def test_a_phone_is_answered_in_its_accounts_language_and_time(owner: User) -> None:
    login = {"email": owner.email, "password": PASSWORD}
    session = Client().post("/api/v1/auth/login", login, "application/json").json()
    phone = {"X-Session-Token": session["meta"]["session_token"]}
    body = {"language": "hi", "time_zone": "Asia/Kolkata"}

    set_up = Client().patch("/api/v1/me", body, "application/json", headers=phone)
    answer = Client().get("/api/v1/me", headers=phone)

    assert (set_up.status_code, answer.json()["language"]) == (200, "hi")
    assert answer.json()["time_zone"] == "Asia/Kolkata"
    assert answer["Content-Language"] == "hi"
    assert answer.json()["joined_at"].endswith("+05:30")


# --- What is said where --------------------------------------------------------------------------

DEVANAGARI = re.compile(r"[\u0900-\u097f]")


@pytest.fixture
def hindi_desk(curator: User, client_of: Callable[[Any], Client]) -> Client:
    """The desk of a curator who reads Hindi."""
    curator.language = "hi"
    curator.save()
    return client_of(curator)


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("desk", "जिसे सुना जाना है"),
        ("desk_songs", "एक साथ कई गाने"),
        ("desk_map", "भाव के हिसाब से 1 गाना"),
        ("desk_edits", "डेस्क पर क्या-क्या हुआ"),
        ("desk_gaps", "हर मूड में क्या कम है"),
        ("desk_agreement", "क्या क्यूरेटर एक जैसा सुनते हैं?"),
        ("desk_licences", "लाइसेंस"),
        ("imports", "इंपोर्ट"),
    ],
)
def test_the_desk_speaks_the_curators_language(name: str, head: str, hindi_desk: Client) -> None:
    SongFactory(moods=["calm"])

    page = hindi_desk.get(reverse(name))

    assert language_of(page) == "hi ltr"
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)
    assert found
    assert found[1].strip() == head
    assert ">लाइसेंस</a>" in page.text, "the desk's own menu"


def test_a_songs_judgements_and_history_in_hindi(hindi_desk: Client, curator: User) -> None:
    song = SongFactory(title="Still Water", moods=["calm"])
    hindi_desk.post(reverse("desk_label", args=[song.pk]), {"moods": ["sad"], "seen": ""})

    page = text_of(hindi_desk.get(reverse("desk_song", args=[song.pk])))

    assert "शांत नहीं" in page, "the label took calm away"
    assert "उदास जोड़ा गया" in page
    assert "कैटलॉग में जोड़ा गया" in page


def test_moods_have_hindi_names_but_slugs_are_everybodys(
    owner: User, client_of: Callable[[Any], Client], api_of: Callable[[Any], Any]
) -> None:
    SongFactory(title="Still Water", moods=["calm"])
    Mood.objects.create(slug="festive", name="Festive", valence=0.7, arousal=0.5)

    page = client_of(owner).get(reverse("music"), **HINDI)
    told = api_of(owner).get("/api/v1/moods", HTTP_ACCEPT_LANGUAGE="hi").json()
    english = api_of(owner).get("/api/v1/moods").json()

    assert '<li class="chip is-calm">शांत</li>' in page.text
    names = {one["slug"]: one["name"] for one in told}
    assert names["calm"] == "शांत"
    assert names["dark"] == "स्याह"
    assert names["festive"] == "Festive", "what curators named stays as they named it"
    assert {one["slug"]: one["name"] for one in english}["calm"] == "Calm"


def test_a_refusal_is_told_in_the_language_asked_for(
    owner: User, api_of: Callable[[Any], Any]
) -> None:
    hindi = api_of(owner).post("/api/v1/lists", {}, format="json", HTTP_ACCEPT_LANGUAGE="hi")
    song = SongFactory()
    address = f"/api/v1/songs/{song.pk}/audio"
    silent = {
        language: api_of(owner).get(address, HTTP_ACCEPT_LANGUAGE=language).json()
        for language in ("hi", "en")
    }

    assert hindi.json()["detail"] == "कुछ फ़ील्ड छूट गए हैं या ग़लत हैं।"
    assert silent["hi"]["detail"] == "इस गाने का ऑडियो नहीं है।"
    assert silent["en"]["detail"] == "This song has no audio."
    assert silent["hi"]["code"] == silent["en"]["code"] == "no_audio"


def test_the_journals_summary_ends_as_hindi_does(
    owner: User, client_of: Callable[[Any], Client]
) -> None:
    reading_by_hand(user=owner, emotion="sad")

    page = client_of(owner).get(reverse("journal"), **HINDI)

    summary = re.search(r'<p class="lead">([^<]*)</p>', page.text)
    assert summary
    assert summary[1].endswith("।")
    assert "." not in summary[1]


def test_an_import_tells_its_problems_in_the_curators_language(
    curator: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_run, "apply_async", lambda args, **_: None)
    curator.language = "hi"
    curator.save()
    table = tmp_path / "songs.csv"
    table.write_text("title,artist,year,licence\nPaper Moon,Ambro Tide,soon,CC0-1.0\n")

    run = table_import_create(path=table, by=curator, options=TableOptions())
    with translation.override("en-gb"):  # as a worker's
        import_run(str(run.pk))
        assert translation.get_language() == "en-gb", "the next import's"

    problem = run.problems.get()
    assert (problem.code, problem.detail) == (
        "bad_year",
        "'soon' कोई साल नहीं है; उसे छोड़ दिया गया।",
    )


def test_every_sentence_about_music_files_is_known_to_the_translation() -> None:
    """`catalog.library` knows no Django, so its sentences are named in `refusal_words`."""
    filled = {"LARGEST // 1024 ** 3": "8", "NAMES": AUDIO_NAMES, "name": "title", "longest": "200"}
    sentences = set()
    for path in sorted((BASE_DIR / "catalog" / "library").glob("*.py")):
        tree = ast.parse(path.read_text())
        parts = {id(part) for node in ast.walk(tree) for part in getattr(node, "values", [])}
        notes = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = "" if id(node) in parts | notes else node.value
            elif isinstance(node, ast.JoinedStr):
                text = "".join(
                    str(part.value)
                    if isinstance(part, ast.Constant)
                    else filled.get(ast.unparse(part.value), "x")
                    for part in node.values
                    if isinstance(part, ast.Constant | ast.FormattedValue)
                )
            else:
                continue
            if re.fullmatch(r"[A-Z][a-z]+ [^\n]*\.", text):
                sentences.add(text)

    with translation.override("hi"):
        unknown = [text for text in sentences if not DEVANAGARI.search(refusal_words(text))]

    assert len(sentences) > 20
    assert unknown == []


# --- Templates -----------------------------------------------------------------------------------

#: What is the same in all languages; scripts fill in names in braces, of addresses too.
SAME = re.compile(r"/[\w/{}]*/|\{\w+\}|MoodMusic|\bAPI\b|\bISRC\b|\bpx\b")
#: Left out: the administration stays English, and the API's reference is a page of its package.
NOT_OURS = ("admin/", "drf_spectacular/")
#: What is no text of a template, or is marked as one to translate.
MARKED = re.compile(
    r"\{#.*?#\}|\{% comment .*?endcomment %\}|\{% blocktranslate .*?endblocktranslate %\}"
    r"|\{% block (?:width|boost) %\}.*?\{% endblock %\}|\{%.*?%\}|\{\{.*?\}\}",
    re.DOTALL,
)
#: A text in a tag or variable that is not wrapped in `_()`: what stands for nothing, or a name.
BARE = re.compile(r"""(?:\|default(?:_if_none)?:|\b\w*(?:title|name|words|desc)=)"([^"]*)\"""")


class Words(HTMLParser):
    """Gathers what a page shows or reads out."""

    SILENT = ("script", "style", "code", "pre", "kbd")
    READ_OUT = ("aria-label", "aria-description", "title", "alt", "placeholder", "data-as")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in self.SILENT
        for name, value in attrs:
            if name in self.READ_OUT or name.startswith("data-say"):
                self.say(value or "")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.say(data)

    def say(self, text: str) -> None:
        if re.search(r"[A-Za-z]{2}", SAME.sub("", text)):
            self.found.append(" ".join(text.split()))


def untranslated(source: str) -> list[str]:
    """Words of a template that no catalogue can translate."""
    bare = [
        text
        for tag in re.findall(r"\{[%{].*?[%}]\}", source)
        for text in BARE.findall(tag)
        if re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", text)
    ]
    # A tag whose name the template chooses is a tag all the same.
    page = Words()
    page.feed(MARKED.sub("", re.sub(r"(</?)\{[%{].*?[%}]\}", r"\1x-", source)))
    return bare + page.found


def test_texts_outside_of_translation_are_found() -> None:
    assert untranslated('<p>Hello <b>{% translate "you" %}</b></p>') == ["Hello"]
    assert untranslated('<a title="See more" href="x">{{ name }}</a>') == ["See more"]
    assert untranslated('<i data-say-off="Gone.">{{ song|default:"no song" }}</i>') == [
        "no song",
        "Gone.",
    ]
    assert untranslated("{% blocktranslate trimmed %}Hi {{ name }}{% endblocktranslate %}") == []
    assert untranslated('<{% if x %}a{% else %}b{% endif %} class="some thing">1</p>') == []
    assert untranslated('{{ by|default:_("a curator who has left") }}<kbd>Esc</kbd>') == []


def test_no_page_has_words_that_cannot_be_translated() -> None:
    """A new page is easily written in English alone."""
    folder = BASE_DIR / "templates"

    found = {
        name: words
        for path in sorted(folder.rglob("*.html"))
        if not (name := str(path.relative_to(folder))).startswith(NOT_OURS)
        and (words := untranslated(path.read_text()))
    }

    assert found == {}


# --- The catalogue -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def catalogue() -> Any:
    return polib.pofile(CATALOGUE)


def test_every_text_of_the_code_is_in_the_catalogue(catalogue: Any, tmp_path: Path) -> None:
    """`make messages` has been run since a text was added, changed or dropped."""
    if not shutil.which("xgettext") and os.environ.get("MOODMUSIC_TEST_PROGRAMS") != "require":
        pytest.skip("GNU gettext is not installed (Debian: apt-get install gettext)")
    copy = tmp_path / "copy"
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=BASE_DIR, capture_output=True, check=True,
    ).stdout.decode().split("\0")  # fmt: skip
    for name in names:
        if name.endswith((".py", ".html", ".txt", ".po")) and (BASE_DIR / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(BASE_DIR / name, copy / name)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages"],
        cwd=copy,
        env={"PATH": "/usr/bin:/bin", "MOODMUSIC_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        check=True,
        timeout=240,
    )

    made = polib.pofile(copy / CATALOGUE.relative_to(BASE_DIR))

    def texts(one: Any) -> set[tuple[str, str]]:
        return {(entry.msgid, entry.msgid_plural) for entry in one if not entry.obsolete}

    assert texts(made) - texts(catalogue) == set(), "run make messages"
    assert texts(catalogue) - texts(made) == set(), "run make messages"


def test_what_python_reads_is_what_was_translated(catalogue: Any) -> None:
    def said(entries: Any) -> dict[Any, Any]:
        return {(e.msgctxt, e.msgid): e.msgstr_plural or e.msgstr for e in entries}

    translated = catalogue.translated_entries()
    assert said(polib.mofile(CATALOGUE.with_suffix(".mo"))) == said(translated)


def test_no_hindi_entry_is_a_guess_of_the_tools(catalogue: Any) -> None:
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_placeholders_agree(catalogue: Any) -> None:
    """A placeholder that is missing or misspelt would fail, or lose what it stands for."""
    for entry in catalogue.translated_entries():
        wanted = {
            frozenset(PLACEHOLDER.findall(text)) for text in (entry.msgid, entry.msgid_plural)
        }
        for said in [entry.msgstr, *entry.msgstr_plural.values()]:
            if not said:
                continue
            found = frozenset(PLACEHOLDER.findall(said))
            # A singular may be said without its number ("one reading").
            numbers = {"%(count)s", "%(counter)s", "%(num)d", "%d"}
            assert any(found <= one and one - found <= numbers for one in wanted), entry.msgid
            assert "\n" not in said or "\n" in entry.msgid, entry.msgid


def test_every_text_is_translated(catalogue: Any) -> None:
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
