"""House rules that a reader of the code relies on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from moodmusic.settings import env
from tests.process import BASE_DIR

DJANGO_PACKAGES = ("moodmusic", "accounts", "emotions", "catalog", "recommendations")
#: May read the environment: the readers themselves, and the names of the settings module.
MAY_READ_ENVIRONMENT = {"moodmusic/settings.py", "moodmusic/env.py"}
#: May name os.environ once, to say which settings module is in force.
MAY_NAME_SETTINGS = {"moodmusic/celery.py", "moodmusic/wsgi.py"}
DOCUMENT = BASE_DIR / "docs" / "configuration.md"


def sources() -> Iterator[tuple[str, ast.Module]]:
    for package in DJANGO_PACKAGES:
        for path in sorted((BASE_DIR / package).rglob("*.py")):
            yield path.relative_to(BASE_DIR).as_posix(), ast.parse(path.read_text())


@pytest.mark.django_db
def test_every_model_change_has_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_only_settings_read_the_environment() -> None:
    found = []
    for name, tree in sources():
        if name in MAY_READ_ENVIRONMENT:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "environb"}:
                found.append(f"{name}:{node.lineno}")
    allowed = {f"{name}:" for name in MAY_NAME_SETTINGS}
    assert [hit for hit in found if not any(hit.startswith(name) for name in allowed)] == []
    assert len(found) <= len(MAY_NAME_SETTINGS)


def test_messages_are_sent_by_the_one_helper_alone() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"delay", "apply_async", "send_task"}
        and name != "moodmusic/enqueue.py"
    ]

    assert found == []


def test_every_periodic_task_expires_before_its_next_run() -> None:
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        assert 0 < entry["options"]["expires"] < entry["schedule"], name


def test_every_periodic_task_exists() -> None:
    from moodmusic.celery import app

    app.loader.import_default_modules()
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        assert entry["task"] in app.tasks, name
    for task in settings.CELERY_TASK_ROUTES:
        assert task in app.tasks


def test_every_setting_is_documented_and_no_other() -> None:
    # Given the first column of the table in docs/configuration.md
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", DOCUMENT.read_text(), re.MULTILINE))

    assert documented == env.known


@pytest.mark.parametrize("package", [*DJANGO_PACKAGES, "ml", "tests", "benchmarks"])
def test_no_path_of_a_machine_is_in_the_code(package: str) -> None:
    pattern = re.compile(r"[\"'](/home/|/root/|/Users/|/work/)")
    hits = [
        path.relative_to(BASE_DIR).as_posix()
        for path in sorted((BASE_DIR / package).rglob("*.py"))
        if pattern.search(path.read_text()) and path != Path(__file__).resolve()
    ]

    assert hits == []
