"""How drf-spectacular, which walks the addresses and puts the document together, learns what each operation is.

It reads serializers; our views have none, and say `operation(method)` instead.
"""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent


class OperationSchema(AutoSchema):
    """An operation as its view declares it."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> dict[str, Any] | None:
        if not hasattr(self.view, "operation"):
            return None
        operation = self.view.operation(method)
        for name, schema in operation.schemas.items():
            component = ResolvedComponent(name, ResolvedComponent.SCHEMA, schema=schema, object=name)
            registry.register_on_missing(component)
        return operation.declared()
