"""Sign-up and sign-in in our OpenAPI schema: allauth's own description, moved to our paths."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import allauth.headless
import yaml
from allauth.headless.spec.internal import schema as allauth_schema
from drf_spectacular.extensions import OpenApiAuthenticationExtension

from accounts.headless import ENDPOINTS

#: Name of our token in the schema, and where it travels.
TOKEN_SCHEME = "sessionToken"  # noqa: S105 - a name, not a secret
TOKEN_PARAMETER = {"$ref": "#/components/parameters/SessionToken"}
#: allauth's components get this prefix, so that its `User` and ours may differ.
PREFIX = "Auth"
METHODS = ("get", "post", "put", "patch", "delete")


class SessionTokenScheme(OpenApiAuthenticationExtension):
    """Describes accounts.authentication.SessionTokenAuthentication."""

    target_class = "accounts.authentication.SessionTokenAuthentication"
    name = TOKEN_SCHEME

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-Session-Token",
            "description": "`meta.session_token` of the answer to sign-up or sign-in.",
        }


def _allauth_spec() -> dict[str, Any]:
    """allauth's specification as configured here, still with its own paths and names.

    `allauth_schema.get_schema` itself cannot serve: it looks for the address of allauth's own
    specification page, which we do not mount.
    """
    source = Path(allauth.headless.__file__).parent / "spec" / "doc" / "openapi.yaml"
    spec: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    allauth_schema.specify_user(spec)
    allauth_schema.specify_signup_fields(spec)
    allauth_schema.specify_custom_signup_form(spec)
    allauth_schema.pin_client(spec)
    return spec


def _operation(operation: dict[str, Any], operation_id: str) -> dict[str, Any]:
    """One of allauth's operations with our id and tag, its token as a security scheme."""
    operation = dict(operation, operationId=operation_id, tags=["auth"])
    parameters = operation.pop("parameters", [])
    rest = [parameter for parameter in parameters if parameter != TOKEN_PARAMETER]
    if rest:
        operation["parameters"] = rest
    # The token is optional where allauth also answers who has none (sign-in, sign-up).
    operation["security"] = [{TOKEN_SCHEME: []}] if len(rest) < len(parameters) else [{}]
    return operation


def _with_referred(wanted: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """The components that `wanted` refers to, directly or through others."""
    kept: dict[str, Any] = {}
    waiting = [wanted]
    while waiting:
        for kind, name in re.findall(r'"#/components/(\w+)/(\w+)"', json.dumps(waiting.pop())):
            if name not in kept.setdefault(kind, {}):
                kept[kind][name] = components[kind][name]
                waiting.append(components[kind][name])
    return kept


@cache
def _described() -> str:
    """Paths and components of what we mount, as JSON; made once, as reading YAML is slow."""
    spec = _allauth_spec()
    paths: dict[str, Any] = {}
    for where, (name, _view) in ENDPOINTS.items():
        described = spec["paths"][f"/_allauth/app/v1/{where}"]
        paths[f"/api/v1/{where}"] = {
            method: _operation(described[method], f"{name}_{method}")
            for method in METHODS
            if method in described
        }
    components = _with_referred(paths, spec["components"])
    text = json.dumps({"paths": paths, "components": components})
    return re.sub(r'"#/components/(\w+)/(\w+)"', rf'"#/components/\1/{PREFIX}\2"', text)


def describe_sign_in(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """Add the mounted endpoints of allauth to the schema (drf-spectacular postprocessing hook)."""
    merged = json.loads(_described())
    result["paths"] = dict(sorted({**result["paths"], **merged["paths"]}.items()))
    for kind, named in merged["components"].items():
        result["components"].setdefault(kind, {}).update(
            {PREFIX + name: component for name, component in named.items()}
        )
    return result
