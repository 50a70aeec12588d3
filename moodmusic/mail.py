"""Mails in the product's look: one text is written, and the HTML beside it is made of it.

A paragraph whose last line is an address becomes a button with the words before it; one that is
nothing but a short code is shown large.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

ADDRESS = re.compile(r"https?://\S+")
CODE = re.compile(r"[A-Z0-9-]{4,12}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`words`, and the address that they lead to or whether they are a code."""

    words: str
    link: str = ""
    code: bool = False


def paragraphs_of(text: str) -> list[Paragraph]:
    """The paragraphs of a mail's text, which empty lines part."""
    found = []
    for block in re.split(r"\n\s*\n", text.strip()):
        *before, last = block.strip().splitlines()
        if before and ADDRESS.fullmatch(last.strip()):
            found.append(Paragraph(" ".join(before).rstrip(": "), last.strip()))
        else:
            words = " ".join(block.split())
            found.append(Paragraph(words, code=bool(CODE.fullmatch(words))))
    return found


def html_add(message: EmailMultiAlternatives) -> None:
    """Give a mail that has a text its HTML."""
    *paragraphs, foot = paragraphs_of(str(message.body))
    context = {"subject": message.subject, "paragraphs": paragraphs, "foot": foot}
    message.attach_alternative(render_to_string("mail.html", context), "text/html")
