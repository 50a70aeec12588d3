"""What tests of pages share."""

from __future__ import annotations

import re
from typing import Any

#: Extra of a test client's request that makes it one of htmx.
HTMX = {"HTTP_HX_REQUEST": "true"}


def text_of(response: Any) -> str:
    """The words of a page, without markup; runs of spaces and line ends become one space."""
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))
