"""Our own scripts and styles as they are served: minified, named by content, kept by browsers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import rjsmin
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

#: Where our own files lie; packages' files are served as they came.
OURS = ("js/", "css/")
#: How Django writes imports and exports of modules anew.
MODULE_TEMPLATES = {
    template
    for _, template in CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[
        1
    ]
}
#: What a style sheet must keep to the letter, what it can do without, and what needs no spaces.
_CSS = re.compile(
    r"""(?P<kept>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|url\([^)]*\))"""
    r"""|(?P<dropped>/\*.*?\*/)"""
    r"""|\s*(?P<mark>[{};,])\s*"""
    r"""|(?P<space>\s+)""",
    re.DOTALL,
)


def minified(name: str, content: bytes) -> bytes:
    """A script without comments and line ends that it can do without; a style sheet likewise."""
    text = content.decode()
    if name.endswith(".js"):
        return str(rjsmin.jsmin(text)).encode()
    if name.endswith(".css"):
        return _css(text).encode()
    return content


def _css(text: str) -> str:
    def plain(found: re.Match[str]) -> str:
        if found["dropped"]:
            return ""
        return found["kept"] or found["mark"] or " "

    # Twice: a comment leaves the spaces on both of its sides.
    return _CSS.sub(plain, _CSS.sub(plain, text)).replace(";}", "}").strip()


class _Minifying:
    """Reads files of another storage, minified."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def open(self, path: str) -> ContentFile[bytes]:
        with self.storage.open(path) as file:
            return ContentFile(minified(path, file.read()))


class OurStaticFiles(CompressedManifestStaticFilesStorage):
    """whitenoise's storage, which minifies what is ours before names are made of the content.

    Modules import each other by those names too, so browsers may keep every one of them for good.
    """

    support_js_module_import_aggregation = True

    def url_converter(
        self, name: str, hashed_files: dict[str, str], template: str | None = None
    ) -> Callable[[re.Match[str]], str]:
        """As Django's, but packages' scripts import what they will: a path may need a server."""
        if not name.startswith(OURS) and template in MODULE_TEMPLATES:
            return lambda found: found["matched"]
        converter: Callable[[re.Match[str]], str] = super().url_converter(
            name, hashed_files, template
        )
        return converter

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, Any]]:
        ours = {
            name: (_Minifying(storage) if name.startswith(OURS) else storage, path)
            for name, (storage, path) in paths.items()
        }
        yield from super().post_process(ours, dry_run=dry_run, **options)
