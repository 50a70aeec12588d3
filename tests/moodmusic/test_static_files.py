"""Scripts and styles as they are served: small, whole, and named by their content."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.test import Client

from moodmusic.static_files import OurStaticFiles, minified
from tests.process import BASE_DIR

#: Bytes that all our modules and the service worker may have together, minified and before
#: compression.
BUDGET = 40_000
SOURCE = BASE_DIR / "static"
#: A package's script, which names a file that is not there.
PACKAGE = 'import thing from "./thing";\n// as it came\n'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of our static files after collecting them."""
    home = tmp_path_factory.mktemp("static") / "all"
    shutil.copytree(SOURCE, home)
    package = home / "package" / "module.js"
    package.parent.mkdir()
    package.write_text(PACKAGE)
    source = StaticFilesStorage(location=home)
    names = [path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()]
    storage = OurStaticFiles(location=home, base_url="/static/")
    done = list(storage.post_process({name: (source, name) for name in names}))
    assert [error for _, _, error in done if isinstance(error, Exception)] == []
    return home


def hashed(home: Path, name: str) -> Path:
    """The file that is served for a name of ours."""
    stem, suffix = name.rsplit(".", 1)
    (found,) = home.glob(f"{stem}.{'?' * 12}.{suffix}")
    return found


def test_all_modules_together_keep_to_the_budget(served: Path, client: Client, capsys: Any) -> None:
    sizes = {
        path.name: len(hashed(served, f"js/{path.name}").read_bytes())
        for path in sorted((SOURCE / "js").glob("*.js"))
    }
    sizes["sw.js"] = len(client.get("/sw.js").content)

    with capsys.disabled():
        print("\nModules as served, bytes before compression:")
        for name, size in sorted(sizes.items(), key=lambda row: -row[1]):
            print(f"{size:7,}  {name}")
        print(f"{sum(sizes.values()):7,}  of {BUDGET:,}")
    assert sum(sizes.values()) < BUDGET


def test_modules_import_each_other_by_their_hashed_names(served: Path) -> None:
    imports = re.compile(r"""(?:from|import\(?)\s*["']\./([\w.-]+)["']""")
    seen = 0
    for path in (SOURCE / "js").glob("*.js"):
        text = hashed(served, f"js/{path.name}").read_text()
        for name in imports.findall(text):
            seen += 1
            assert re.fullmatch(r"[\w-]+\.[0-9a-f]{12}\.js", name), f"{path.name} imports {name}"
            assert (served / "js" / name).is_file()
    # A static one and a dynamic one at the least.
    assert seen >= 2
    assert "import(" in hashed(served, "js/app.js").read_text()


def test_packages_scripts_are_served_as_they_came(served: Path) -> None:
    assert hashed(served, "package/module.js").read_text() == PACKAGE


def test_a_script_keeps_what_it_says_and_loses_the_rest() -> None:
    script = (
        b"// why\nconst a = `two  spaces // and ${ b ? 'in  side' : '' } stay`;\n"
        b"const r = /[/]\\/\\*  '/g, half = c / 2; /* note */\n"
        b"const word = 'it // is';\nreturn_ = a\n++b\n"
    )

    text = minified("js/a.js", script).decode()

    assert "why" not in text
    assert "note" not in text
    assert "`two  spaces // and ${ b ? 'in  side' : '' } stay`" in text
    assert "/[/]\\/\\*  '/g" in text
    assert "'it // is'" in text
    assert "a\n++b" in text  # this line end is the end of a statement


def test_no_module_nests_templates() -> None:
    # The minifier would take the inner one for code, and its "//" for a comment.
    nested = re.compile(r"`[^`]*\$\{[^}`]*`")

    assert [
        path.name for path in (SOURCE / "js").glob("*.js") if nested.search(path.read_text())
    ] == []


def test_a_style_sheet_keeps_what_it_says_and_loses_the_rest() -> None:
    sheet = b"""
    /* why; { */
    .a  .b:not(:hover) , .c :focus {
      margin: calc(1rem + 2px) ;
      content: "a ; /* b */  c";
      background: url(data:image/svg+xml;utf8,<svg a='1, 2'/>);
    }
    @media (max-width: 40rem) and (hover: hover) { .d { color: red } }
    """

    assert minified("css/a.css", sheet).decode() == (
        ".a .b:not(:hover),.c :focus{margin: calc(1rem + 2px);"
        'content: "a ; /* b */  c";'
        "background: url(data:image/svg+xml;utf8,<svg a='1, 2'/>)}"
        "@media (max-width: 40rem) and (hover: hover){.d{color: red}}"
    )


def test_other_files_stay_as_they_are() -> None:
    assert minified("img/a.svg", b"<svg>  </svg>") == b"<svg>  </svg>"
