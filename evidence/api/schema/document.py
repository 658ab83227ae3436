"""The whole document: what operations share, who may ask, and the tags that group them."""

from functools import cache
from typing import Any

from django.conf import settings
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer2

from evidence.api.schema.answers import components
from evidence.api.schema.operations import CSRF, SESSION, TOKEN

WAYS_IN: dict[str, dict[str, str]] = {
    TOKEN: {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Token`, a space, and a token that `make_token` showed.",
    },
    SESSION: {
        "type": "apiKey",
        "in": "cookie",
        "name": settings.SESSION_COOKIE_NAME,
        "description": "Who is signed in in the browser.",
    },
    CSRF: {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRFToken",
        "description": "What a session sends along with everything that writes: its CSRF cookie.",
    },
}


def completed(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """The document with what operations share: drf-spectacular calls this last."""
    result["components"] |= components() | {"securitySchemes": WAYS_IN}
    result["components"] = dict(sorted(result["components"].items()))
    return result


@cache
def document() -> dict[str, Any]:
    """The document of this site; it is the same for whoever asks."""
    return SchemaGenerator().get_schema(request=None, public=True)


@cache
def written(renderer: Any = OpenApiJsonRenderer2) -> bytes:
    """It as bytes, in JSON unless another renderer is given."""
    text: bytes = renderer().render(document(), renderer.media_type, {})
    return text
