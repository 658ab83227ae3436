"""The operations of imports: a file is sent, looked at, and confirmed."""

from collections.abc import Callable, Mapping
from typing import Any

from evidence.api.parameters import Parameter
from evidence.api.schema.answers import JSON, SCHEMAS, Answer
from evidence.api.schema.operations import KNOWN, Body, Operation
from evidence.api.schema.values import SHARED, ref
from evidence.choices import BatchState, Door
from evidence.exchange.readings import Empty
from evidence.exchange.rows import Outcome

TAG = "imports"
EXAMPLE: dict[str, Any] = {
    "id": "5a3c0c44-9a3f-4b57-9a59-0d1c2f6e8a10",
    "url": "https://ledger.example.org/api/v1/imports/5a3c0c44-9a3f-4b57-9a59-0d1c2f6e8a10/",
    "state": "previewed",
    "owner": "curator",
    "opened": "2026-05-04T12:30:00+00:00",
    "written": None,
    "door": "import",
    "name": "companies.csv",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "table": None,
    "empty": "keep",
    "ignored": [],
    "reason": None,
    "counts": {"create": 1, "update": 0, "unchanged": 0, "rejected": 0},
}


def _codes(words: Any) -> dict[str, Any]:
    return {"type": "string", "enum": [one.value for one in words]}


def _object(properties: dict[str, Any], description: str = "") -> dict[str, Any]:
    told = {"description": description} if description else {}
    return {"type": "object", **told, "properties": properties, "required": [*properties]}


COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
COUNTS = _object({outcome.value: COUNT for outcome in Outcome}, "How many rows come to what.")
CELLS = _object({"before": {"type": "string"}, "after": {"type": "string"}})
ROW = _object(
    {
        "table": {"type": "string"},
        "file": {"type": "string"},
        "line": COUNT,
        "key": {"type": "string"},
        "outcome": _codes(Outcome),
        "changes": {"type": "object", "additionalProperties": CELLS, "description": "The cells that differ."},
    }
)
PREVIEW = _object(
    {
        "tables": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": COUNT},
        },
        "unknown_columns": {"type": "array", "items": {"type": "string"}},
        "rows": {"type": "array", "items": ROW, "description": "The first rows."},
        "rows_found": COUNT,
        "errors": {
            "type": "array",
            "items": ref("Error"),
            "description": "The first reasons why rows are rejected.",
        },
        "errors_found": COUNT,
    },
    "What an import would do, or did.",
)
LINE: dict[str, Any] = {"type": "string"}
IMPORT = _object(
    {
        "id": {"type": "string", "format": "uuid"},
        "url": LINE,
        "state": _codes(BatchState),
        "owner": {**LINE, "description": "Who sent it; nobody else may confirm it."},
        "opened": ref("Moment"),
        "written": {"anyOf": [ref("Moment"), {"type": "null"}]},
        "door": _codes(Door),
        "name": LINE,
        "sha256": {**LINE, "description": "SHA-256 of what was sent."},
        "table": {"type": ["string", "null"]},
        "empty": _codes(Empty),
        "ignored": {"type": "array", "items": LINE},
        "reason": {"type": ["string", "null"]},
        "counts": COUNTS,
    },
    "A file that was sent to be imported.",
)
LOOKED = {
    "allOf": [
        ref("Import"),
        {
            "type": "object",
            "properties": {"preview": {"anyOf": [ref("Preview"), {"type": "null"}]}},
            "description": "The preview is kept until the import is cleared away.",
        },
    ]
}
PAGE = _object(
    {"next": {"type": ["string", "null"]}, "results": {"type": "array", "items": ref("Import")}},
    "Imports, newest first.",
)
ALL = {
    **SCHEMAS,
    **{name: SHARED[name] for name in ("Moment", "Text", "Texts")},
    "Import": IMPORT,
    "Preview": PREVIEW,
    "LookedAtImport": LOOKED,
    "ImportPage": PAGE,
}
LOOKED_EXAMPLE = {
    **EXAMPLE,
    "preview": {
        "tables": {"companies": {"create": 1}},
        "unknown_columns": [],
        "rows": [
            {
                "table": "companies",
                "file": "companies.csv",
                "line": 2,
                "key": "nano-one",
                "outcome": "create",
                "changes": {"name": {"before": "", "after": "Nano One"}},
            }
        ],
        "rows_found": 1,
        "errors": [],
        "errors_found": 0,
    },
}

KEY = Parameter(
    "key", "The `id` of the import.", {"type": "string", "format": "uuid"}, place="path", required=True
)


Described = Callable[[tuple[Parameter, ...], Mapping[str, Any]], Operation]


def _listed(parameters: tuple[Parameter, ...], _kinds: Mapping[str, Any]) -> Operation:
    return Operation(
        id="imports_list",
        tag=TAG,
        summary="List imports",
        description="The imports that you may see, newest first.",
        parameters=parameters,
        answers={
            200: Answer(
                "A page of them.", {JSON: ref("ImportPage")}, ("ETag",), {"next": None, "results": [EXAMPLE]}
            )
        },
        problems=(403, 422),
        schemas=ALL,
        ways=KNOWN,
    )


def _created(parameters: tuple[Parameter, ...], kinds: Mapping[str, Any]) -> Operation:
    return Operation(
        id="imports_create",
        tag=TAG,
        summary="Send a file to be imported",
        description="Send a sheet as it is, or as the one file of a form. Nothing is written: the answer says what "
        "importing it would do. Confirm that within 24 hours.",
        parameters=parameters,
        body=Body(kinds, [{"slug": "nano-one", "name": "Nano One"}]),
        answers={
            201: Answer("What it would do.", {JSON: ref("LookedAtImport")}, ("Location",), LOOKED_EXAMPLE)
        },
        problems=(403, 413, 415, 422),
        writes=True,
        schemas=ALL,
    )


def _retrieved(parameters: tuple[Parameter, ...], _kinds: Mapping[str, Any]) -> Operation:
    return Operation(
        id="imports_retrieve",
        tag=TAG,
        summary="Read one import",
        description="What an import would do, or did.",
        parameters=(KEY, *parameters),
        answers={200: Answer("The import.", {JSON: ref("LookedAtImport")}, ("ETag",), LOOKED_EXAMPLE)},
        problems=(404,),
        schemas=ALL,
        ways=KNOWN,
    )


def _confirmed(parameters: tuple[Parameter, ...], _kinds: Mapping[str, Any]) -> Operation:
    return Operation(
        id="imports_confirm",
        tag=TAG,
        summary="Confirm an import",
        description="Write what was shown, without the rows that were rejected: all of it, or nothing where a record "
        "of it was changed meanwhile, which is then looked at anew. A second confirmation finds it done.",
        parameters=(KEY, *parameters),
        answers={
            200: Answer("The import as it was written.", {JSON: ref("LookedAtImport")}, (), LOOKED_EXAMPLE)
        },
        problems=(403, 404, 409),
        writes=True,
        schemas=ALL,
    )


def _rejected(parameters: tuple[Parameter, ...], _kinds: Mapping[str, Any]) -> Operation:
    content = {"text/csv": {"type": "string"}, "application/zip": {"type": "string", "format": "binary"}}
    return Operation(
        id="imports_rejected",
        tag=TAG,
        summary="Read the rejected rows of an import",
        description="They come as they were sent, each with its reasons behind it: mend them, and send them again. "
        "Several sheets come as an archive.",
        parameters=(KEY, *parameters),
        answers={200: Answer("The rejected rows.", content)},
        problems=(404,),
        schemas=ALL,
        ways=KNOWN,
    )


OPERATIONS: dict[str, Described] = {
    "list": _listed,
    "create": _created,
    "retrieve": _retrieved,
    "confirm": _confirmed,
    "rejected": _rejected,
}


def operation(action: str, parameters: tuple[Parameter, ...], kinds: Mapping[str, Any]) -> Operation:
    """What one action says of itself; `kinds` are the schemas of files by media type."""
    return OPERATIONS[action](parameters, kinds)
