"""What the OpenAPI schema says of errors: every one is a Problem (moodmusic.problems)."""

from __future__ import annotations

from typing import Any

from moodmusic.problems import CONTENT_TYPE

PROBLEM_REFERENCE = {"$ref": "#/components/schemas/Problem"}

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details. Branch on `code`, show `detail`.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "Address that identifies the code.",
        },
        "title": {"type": "string", "description": "The code in words, always the same."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "description": "Stable and machine-readable."},
        "detail": {"type": "string", "description": "What happened and what to do, for people."},
        "errors": {
            "type": "object",
            "description": "With code `invalid`: field name -> what is wrong with it.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "retry_after": {"type": "integer", "description": "Seconds; with code `throttled`."},
    },
    "example": {
        "type": "/api/v1/docs/#problem-not_found",
        "title": "Not found",
        "status": 404,
        "code": "not_found",
        "detail": "There is nothing at this address.",
    },
}


def problem_content(description: str) -> dict[str, Any]:
    """A response of the schema that carries a Problem."""
    return {"description": description, "content": {CONTENT_TYPE: {"schema": PROBLEM_REFERENCE}}}


RESPONSES = {
    "Invalid": problem_content("`invalid` (see `errors`) or `malformed`."),
    "NotAuthenticated": problem_content("`not_authenticated`: no token, or one that has ended."),
    "NotFound": problem_content("`not_found`: it does not exist, or is not yours."),
    "Problem": problem_content("Any other refusal."),
}


def describe_problems(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """Give every operation the errors it can answer (drf-spectacular postprocessing hook)."""
    for path, operations in result["paths"].items():
        for operation in operations.values():
            expected = {"default": "Problem"}
            if "requestBody" in operation:
                expected["400"] = "Invalid"
            if any(operation.get("security", ())):
                expected["401"] = "NotAuthenticated"
            if "{" in path:
                expected["404"] = "NotFound"
            for status, name in sorted(expected.items()):
                operation["responses"].setdefault(
                    status, {"$ref": f"#/components/responses/{name}"}
                )
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components.setdefault("responses", {}).update(RESPONSES)
    return result
