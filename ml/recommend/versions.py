"""Which songs are versions of one another: live takes, remasters, edits and guest features."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b

#: What, said in brackets or after a dash, makes a title a version. "live" counts only first or last
#: there, so that "(We Live for Love)" stays part of its title.
_MARK = (
    r"(?:^live\b|\blive$|\bre-?master\w*|\bre-?mix\w*|\bmix$|\bedit$|\bversion\b|\bacoustic\b"
    r"|\bdemo\b|\bmono\b|\bstereo\b|\binstrumental$|\bunplugged\b|\bbonus track\b|\bsessions?$"
    r"|^(?:feat|ft|featuring|with)\b)"
)
_BRACKETS = re.compile(r"\s*(?:\(([^()]*)\)|\[([^\[\]]*)\])")
_DASHED = re.compile(r"\s[-\u2013\u2014]\s+((?:(?!\s[-\u2013\u2014]\s).)*)$")
_MARKED = re.compile(_MARK)
#: These mean the same without brackets or dash.
_PLAIN = re.compile(
    r"\s+(?:radio edit|(?:single|album|extended) version|extended mix"
    r"|(?:\d{4} )?(?:digital )?remaster(?:ed)?(?: \d{4})?|(?:feat\.?|ft\.|featuring)\s.*)$"
)
#: Without any of this a title is no version; most titles are none.
_HINT = re.compile(r"[(\[\u2013\u2014]|\s-\s|edit|version|mix|remaster|feat|ft\.")
_GUEST = re.compile(r"\s+[(\[]?(?:feat\.?|ft\.?|featuring)\s.*$")
_ASCII_REST = re.compile(r"[^a-z0-9]+")


def version_code(artist: str, title: str) -> int:
    """A signed 64-bit code that versions of one song share and other songs do not.

    Same artist and same title, after case, accents, punctuation and spaces, guests ("feat. X") and
    marks of versions ("(live)", "- Remastered 2011", "radio edit") are taken off. Two songs out of
    a million agree by chance about once in 40 million catalogues (64 bits of BLAKE2b).
    """
    key = f"{plain_artist(artist)}\n{plain_title(title)}".encode()
    return int.from_bytes(blake2b(key, digest_size=8).digest(), "little", signed=True)


@lru_cache(maxsize=50_000)
def plain_artist(name: str) -> str:
    """An artist's name without guests, case, accents and punctuation."""
    folded = _folded(name)
    return _letters(_GUEST.sub("", folded)) or _letters(folded) or folded


def plain(text: str) -> str:
    """Words without case, accents and punctuation, but with whatever tells a version."""
    folded = _folded(text)
    return _letters(folded) or folded


def plain_title(title: str) -> str:
    """A title without what only tells its version. Never empty unless `title` is blank."""
    folded = _folded(title)
    if not _HINT.search(folded):
        return _letters(folded) or folded
    rest = _BRACKETS.sub(_bracket, folded)
    while (dashed := _DASHED.search(rest)) and _MARKED.search(dashed[1]):
        rest = rest[: dashed.start()]
    while (shorter := _PLAIN.sub("", rest)) != rest:
        rest = shorter
    # A title that is nothing but a mark, such as "(Live)", is a title after all.
    return _letters(rest) or _letters(folded) or folded


def _bracket(found: re.Match[str]) -> str:
    inside = (found[1] if found[1] is not None else found[2]).strip()
    return "" if _MARKED.search(inside) else found[0]


def _folded(text: str) -> str:
    """In lower case and without the accents of Latin, Greek and Cyrillic. The vowel signs of other
    scripts are letters, and stay."""
    if text.isascii():
        return text.lower().strip()
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(one for one in apart if not "\u0300" <= one <= "\u036f").strip()


def _letters(text: str) -> str:
    text = text.replace("&", "and")
    if text.isascii():
        return _ASCII_REST.sub("", text)
    return "".join(one for one in text if unicodedata.category(one)[0] in "LMN")
