"""What every page shares: who may see it, what may not be kept, and how refusals are told."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from moodmusic.problems import DomainError

View = Callable[..., HttpResponse]


def personal(view: View) -> View:
    """A page about one listener: needs a sign-in, and no cache may keep it.

    A `DomainError` that the view lets through becomes a page of its own that says what the domain
    refused, with the refusal's status.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            if wants_fragment(request):
                return HttpResponse(error.detail, content_type="text/plain", status=error.status)
            return render(request, "refusal.html", {"error": error}, status=error.status)

    signed_in = login_required(guarded)

    @wraps(view)
    def uncached(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = signed_in(request, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        # Back and forward must not show a fragment where a page belongs.
        patch_vary_headers(response, ["HX-Request", "HX-Boosted", "Cookie"])
        return response

    return uncached


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece of a page (a boosted link asks for a whole one)."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.boosted


def tell(request: HttpRequest, words: str, *, error: bool = False) -> None:
    """Show the listener a sentence on the next page."""
    (messages.error if error else messages.success)(request, words)


def local_address(request: HttpRequest, address: str, otherwise: str) -> str:
    """`address` when it leads to a page of this site, else `otherwise`."""
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if safe and not urlsplit(address).netloc else otherwise


def page_before(request: HttpRequest, otherwise: str) -> str:
    """The page of this site that a form was sent from, where the browser says it."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    page = came_from._replace(scheme="", netloc="").geturl()
    return local_address(request, page, otherwise) if page else otherwise


def see_other(address: str) -> HttpResponseRedirect:
    """303: after a POST, the browser gets the page at `address`."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
