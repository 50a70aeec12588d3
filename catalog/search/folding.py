"""Words as they are searched: without case, accents and punctuation, in any script.

PostgreSQL folds with the same steps in SQL (`catalog.search.postgresql`); a test compares them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache

from catalog.models.search import LONGEST_WORD

#: Words of a name that are kept.
MOST_WORDS = 24
#: Accents, the Devanagari nukta, apostrophes, and characters without a shape: they vanish.
DROPPED = (
    r"'`\u00ad\u0300-\u036f\u0640\u093c\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u2018\u2019"
    r"\u201b\u202a-\u202e\u2032\u2060-\u206f\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\ufeff"
)
#: Punctuation, symbols and all that Python takes for space: words end there.
SEPARATING = (
    r"\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf"
    r"\u00d7\u00f7\u060c\u061b\u061f\u06d4\u0964\u0965\u0970\u1680\u2000-\u206f\u2190-\u2bff\u2e00-\u2e7f"
    r"\u3000-\u3004\u3008-\u3020\u3030\u30fb"
)
#: Letters that no decomposition takes apart.
SPELT_OUT = {
    "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h",
    "ı": "i", "ς": "σ",  # noqa: RUF001
}  # fmt: skip

_dropped, _separating = re.compile(f"[{DROPPED}]"), re.compile(f"[\0{SEPARATING}]+")
_spelt_out = str.maketrans(SPELT_OUT)


def fold(text: str) -> str:
    """ "Beyoncé: Déjà-Vu" -> "beyonce deja vu"."""
    bare = _dropped.sub("", unicodedata.normalize("NFKD", text)).lower().translate(_spelt_out)
    return _separating.sub(" ", unicodedata.normalize("NFC", bare)).strip()


def words_of(text: str) -> list[str]:
    """The different words of a text in their order, at most `MOST_WORDS`."""
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in fold(text).split()))[:MOST_WORDS]


@lru_cache(maxsize=4096)
def words_json(text: str | None) -> str:
    """The same for SQLite's triggers, which read JSON, and ask again for each word of a name."""
    return json.dumps(words_of(text or ""), ensure_ascii=False)
