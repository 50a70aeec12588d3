"""One error shape for the whole API: RFC 9457 problem details with a stable code.

Services raise `DomainError` and know nothing of HTTP beyond a status number. The API renders it
(`moodmusic.api.exception_handler`); web views show its `detail` to the listener. Nothing here
imports Django REST Framework, so that every layer may use it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults

CONTENT_TYPE = "application/problem+json"
API_PREFIX = "/api/"
#: Where a problem's code is explained; the fragment makes the type unique for each code.
TYPE_PREFIX = "/api/v1/docs/#problem-"


class DomainError(Exception):
    """A request that the domain refuses, in words a listener can act on.

    `code` is stable and machine-readable (snake_case), `detail` is one or two human sentences,
    `status` the HTTP status (4xx) the API answers with. `extra` becomes further members of the
    problem, e.g. `errors={"stars": ["..."]}`; `retry_after` (seconds) is also sent as a header.
    """

    def __init__(
        self, code: str, detail: str, status: int = HTTPStatus.BAD_REQUEST, **extra: Any
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.status = int(status)
        self.extra = extra


def problem(code: str, detail: str, status: int, **extra: Any) -> dict[str, Any]:
    """The JSON body of a problem: type, title, status, code, detail and any further members."""
    return {
        "type": TYPE_PREFIX + code,
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "code": code,
        "detail": detail,
        **extra,
    }


def problem_response(code: str, detail: str, status: int, **extra: Any) -> JsonResponse:
    """A problem from a plain Django view, with its content type (and Retry-After, where given)."""
    response = JsonResponse(
        problem(code, detail, status, **extra), status=status, content_type=CONTENT_TYPE
    )
    if "retry_after" in extra:
        response["Retry-After"] = str(extra["retry_after"])
    return response


# --- Django's own error pages (handler400 ... handler500 in moodmusic.urls) -----------------------


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a problem for API paths, Django's page elsewhere."""
    if request.path.startswith(API_PREFIX):
        return problem_response("malformed", _("The request could not be understood."), 400)
    return defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: a problem for API paths, Django's page elsewhere."""
    if request.path.startswith(API_PREFIX):
        return problem_response("forbidden", _("You may not do this."), 403)
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: a problem for API paths, Django's page elsewhere."""
    if request.path.startswith(API_PREFIX):
        return problem_response("not_found", _("There is nothing at this address."), 404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a problem for API paths that tells nothing of the cause, Django's page elsewhere."""
    if request.path.startswith(API_PREFIX):
        return problem_response(
            "server_error", _("Something broke on our side. It has been logged."), 500
        )
    return defaults.server_error(request)
