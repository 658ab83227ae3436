"""The formats of answers, and how one is chosen: by `format` if it is given, else by what the client accepts."""

from collections.abc import Iterable, Sequence
from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from evidence.api import words
from evidence.api.parameters import Parameter
from evidence.exchange.exports import TYPES
from evidence.exchange.files import Format


class SheetRenderer(BaseRenderer):
    """A sheet, which is streamed and not rendered: this only tells its media type."""

    form: Format

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> Any:
        return data


class CsvRenderer(SheetRenderer):
    """CSV with the columns of the contract."""

    form = Format.CSV
    format, media_type = form.value, TYPES[form].partition(";")[0]


class LinesRenderer(SheetRenderer):
    """JSON Lines with the columns of the contract."""

    form = Format.JSONL
    format, media_type = form.value, TYPES[form]


LISTS = (JSONRenderer, CsvRenderer, LinesRenderer)
RECORDS = (JSONRenderer,)


def parameter(renderers: Iterable[Any]) -> Parameter:
    """The parameter that chooses one of these formats."""
    known = [renderer.format for renderer in renderers]
    told = "The format of the answer, before what the header `Accept` says."
    return Parameter("format", told, {"type": "string", "enum": known})


class Negotiation(DefaultContentNegotiation):
    """`?format=` before the header Accept; a format that there is not is refused with those that there are."""

    def select_renderer(
        self, request: Request, renderers: Sequence[Any], format_suffix: str | None = None
    ) -> Any:
        texts = request.query_params.getlist("format")
        if not texts:
            return super().select_renderer(request, renderers)
        asked = words.single("format", texts)
        known = {renderer.format: renderer for renderer in renderers}
        chosen = known[words.one_of("format", asked, known, "format of this", "unknown_format")]
        return chosen, chosen.media_type
