"""The address of the document."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer2
from rest_framework.request import Request
from rest_framework.views import APIView

from evidence.api import asking, formats
from evidence.api.schema.document import written


class SchemaView(APIView):
    """What can be asked of the API, as OpenAPI 3.1, in JSON or YAML."""

    renderer_classes = (OpenApiJsonRenderer2, OpenApiYamlRenderer2)

    def get(self, request: Request) -> HttpResponse:
        """Tell it."""
        asking.all_known(dict(request.query_params.lists()), [formats.parameter(self.renderer_classes)])
        renderer: Any = request.accepted_renderer
        return HttpResponse(written(renderer.__class__), content_type=renderer.media_type)
