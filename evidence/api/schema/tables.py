"""The operations of a table: what its list and its records are asked, and how they answer."""

from collections.abc import Callable, Sequence
from typing import Any

from evidence.api import asking, formats
from evidence.api.parameters import Parameter
from evidence.api.resources import Api, Resource
from evidence.api.schema import records, values, writes
from evidence.api.schema.answers import JSON, SCHEMAS, Answer
from evidence.api.schema.operations import Operation

NOT_MODIFIED = Answer("You have it already: `If-None-Match` names its ETag.")
SHEET = {
    "type": "string",
    "description": "A sheet with the columns of the contract, which can be imported again.",
}
IF_NONE_MATCH = Parameter(
    "If-None-Match",
    "The ETag that you have; where it is still so, the answer is 304 and empty.",
    {"type": "string"},
    place="header",
    example='"7.5f3a9c0e"',
)


def operation(api: Api, resource: Resource, action: str, verb: str) -> Operation:
    """What one action of a table says of itself; a step in review by its verb."""
    return writes.step(api, resource, verb) if verb else OPERATIONS[action](api, resource)


def listed(api: Api, resource: Resource) -> Operation:
    """The list of a table."""
    label, singular = resource.table.label, records.name_of(resource)
    sheets = {kind.media_type: SHEET for kind in formats.LISTS if kind.media_type != JSON}
    content = {JSON: values.ref(f"{singular}Page"), **sheets}
    example = {"next": None, "results": [records.example(resource)]}
    return Operation(
        id=f"{resource.name}_list",
        tag=resource.name,
        summary=f"List {label}",
        description=f"The {label} that you may see: a page of them, or all as a sheet with `format=csv` or "
        "`format=jsonl`. Parameters have to hold together; what is not known is refused.",
        parameters=(*asking.of_list(resource), IF_NONE_MATCH),
        answers={
            200: Answer(f"A page of {label}, or a sheet.", content, ("ETag", "Link"), example),
            304: NOT_MODIFIED,
        },
        problems=(422,),
        schemas=SCHEMAS | records.schemas(api, resource),
    )


def retrieved(api: Api, resource: Resource) -> Operation:
    """One record."""
    singular = str(resource.model._meta.verbose_name)
    content = {JSON: values.ref(records.name_of(resource))}
    moved = {308: Answer("This slug was merged into another; `Location` leads there.", headers=("Location",))}
    return Operation(
        id=f"{resource.name}_retrieve",
        tag=resource.name,
        summary=f"Read one {singular}",
        description=f"One {singular} by its key. What you may not see is not found.",
        parameters=(records.key(resource), *asking.of_record(resource), IF_NONE_MATCH),
        answers={
            200: Answer(f"The {singular}.", content, ("ETag",), records.example(resource)),
            304: NOT_MODIFIED,
            **(moved if resource.model.KEY == ("slug",) else {}),
        },
        problems=(404, 422),
        schemas=SCHEMAS | records.schemas(api, resource),
    )


OPERATIONS: dict[str, Callable[[Api, Resource], Operation]] = {
    "list": listed,
    "retrieve": retrieved,
    "create": writes.created,
    "update_many": writes.updated_many,
    "update": writes.updated,
    "replace": writes.replaced,
    "destroy": writes.destroyed,
}


def home(names: Sequence[str]) -> Operation:
    """The list of tables, and of what else can be asked for."""
    addresses: dict[str, Any] = {name: {"type": "string"} for name in names}
    example = {name: f"https://ledger.example.org/api/v1/{name}/" for name in names}
    told = {"type": "object", "properties": addresses, "required": [*addresses]}
    return Operation(
        id="tables_list",
        tag="tables",
        summary="List the tables",
        description="Every table that there is, with its address.",
        parameters=(formats.parameter(formats.RECORDS), IF_NONE_MATCH),
        answers={
            200: Answer("The address of each table.", {JSON: told}, ("ETag",), example),
            304: NOT_MODIFIED,
        },
        schemas=SCHEMAS,
    )
