"""What every API endpoint shares: pages of results, JSON in, and problems out (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import exceptions, parsers
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response

from moodmusic.problems import CONTENT_TYPE, DomainError, problem
from moodmusic.schema import PROBLEM_REFERENCE

#: The key under which errors that belong to no single field are listed.
WHOLE_REQUEST = "non_field_errors"


class Pagination(PageNumberPagination):
    """`?page=`, `?page_size=` up to 100."""

    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100


class JSONParser(parsers.JSONParser):
    """JSON of a bounded size and depth.

    The stock parser reads the body past Django's own limit and lets deep nesting raise
    RecursionError. A body without a length reads as empty, so the header decides.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        request = (parser_context or {}).get("request")
        length = int((request and request.META.get("CONTENT_LENGTH")) or 0)
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        if length > limit:
            words = _("The body may have at most %(limit)d bytes.") % {"limit": limit}
            raise DomainError("too_large", words, 413)
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise exceptions.ParseError(_("The JSON is nested too deeply.")) from error


def problem_responses(*refusals: tuple[int, str]) -> dict[Any, OpenApiResponse]:
    """Error responses for `extend_schema`, from (status, code) pairs.

    Use it where an endpoint has refusals of its own. 400, 401 and 404 are described for every
    endpoint that can answer them, and all others as `default`, by `moodmusic.schema`:

        @extend_schema(responses={201: ListSerializer, **problem_responses((409, "no_songs"))})
    """
    codes: dict[int, list[str]] = {}
    for status, code in refusals:
        codes.setdefault(status, []).append(f"`{code}`")
    return {
        (status, CONTENT_TYPE): OpenApiResponse(PROBLEM_REFERENCE, description=", ".join(names))
        for status, names in codes.items()
    }


#: Codes of the framework's own errors, most specific first.
CODES: tuple[tuple[type[exceptions.APIException], str], ...] = (
    (exceptions.ValidationError, "invalid"),
    (exceptions.ParseError, "malformed"),
    (exceptions.AuthenticationFailed, "not_authenticated"),
    (exceptions.NotAuthenticated, "not_authenticated"),
    (exceptions.PermissionDenied, "forbidden"),
    (exceptions.NotFound, "not_found"),
    (exceptions.MethodNotAllowed, "method_not_allowed"),
    (exceptions.NotAcceptable, "not_acceptable"),
    (exceptions.UnsupportedMediaType, "unsupported_media_type"),
    (exceptions.Throttled, "throttled"),
)


def field_errors(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Flatten DRF's nested error detail to {"items.0.title": ["..."]}."""
    if isinstance(detail, Mapping):
        nested = [(str(key), value) for key, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(part, Mapping | list) for part in detail):
        nested = [(str(index), value) for index, value in enumerate(detail)]
    else:
        parts = detail if isinstance(detail, list) else [detail]
        return {prefix or WHOLE_REQUEST: [str(part) for part in parts]} if parts else {}
    errors: dict[str, list[str]] = {}
    for key, value in nested:
        errors.update(field_errors(value, f"{prefix}.{key}" if prefix else key))
    return errors


def _as_api_exception(error: Exception) -> exceptions.APIException | DomainError | None:
    """Django's own refusals in the framework's terms; None for what is a fault of ours."""
    if isinstance(error, DomainError | exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, RequestDataTooBig):
        return DomainError("too_large", _("The body is too large."), 413)
    if isinstance(error, TooManyFieldsSent | TooManyFilesSent):
        return DomainError("malformed", _("The form has too many parts."), 400)
    if isinstance(error, MultiPartParserError | BadRequest | SuspiciousOperation):
        return exceptions.ParseError()
    return None


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Render any refusal as a problem; None leaves a fault of ours to Django (logged, 500)."""
    known = _as_api_exception(error)
    if known is None:
        return None
    extra: dict[str, Any] = {}
    headers: dict[str, str] = {}
    if isinstance(known, DomainError):
        code, detail, status, extra = known.code, known.detail, known.status, dict(known.extra)
    else:
        code = next((name for kind, name in CODES if isinstance(known, kind)), "error")
        status = known.status_code
        if isinstance(known, exceptions.ValidationError):
            detail = _("Some fields are missing or wrong.")
            extra["errors"] = field_errors(known.detail)
        else:
            detail = str(known.detail)
        wait = getattr(known, "wait", None)
        if wait is not None:
            extra["retry_after"] = int(wait) + 1
        if auth_header := getattr(known, "auth_header", None):
            headers["WWW-Authenticate"] = auth_header
    if "retry_after" in extra:
        headers["Retry-After"] = str(extra["retry_after"])
    body = problem(code, detail, status, **extra)
    return Response(body, status=status, headers=headers, content_type=CONTENT_TYPE)
