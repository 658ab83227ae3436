"""The operations of what is read besides tables: what changed, what is dated, and what links entities."""

from collections.abc import Iterable, Sequence
from typing import Any

from evidence.api.formats import LISTS
from evidence.api.parameters import Parameter
from evidence.api.schema.answers import JSON, SCHEMAS, Answer
from evidence.api.schema.operations import Operation
from evidence.api.schema.tables import IF_NONE_MATCH, NOT_MODIFIED, SHEET
from evidence.api.schema.values import SHARED, ref

LINE: dict[str, Any] = {"type": "string"}
OR_NULL: dict[str, Any] = {"type": ["string", "null"]}
HOST = "https://ledger.example.org/api/v1/"


def _object(properties: dict[str, Any], description: str, *, beside: Iterable[str] = ()) -> dict[str, Any]:
    """An object of these properties, which all stand in it but for these."""
    required = [name for name in properties if name not in beside]
    told = {"type": "object", "description": description, "properties": properties, "required": required}
    return {**told, "additionalProperties": False}


def changes(parameters: Sequence[Parameter], tables: Sequence[str], actions: Iterable[str]) -> Operation:
    """The feed of changes."""
    item = _object(
        {
            "at": ref("Moment"),
            "door": LINE,
            "actor": {**OR_NULL, "description": "Who changed it; for those who may know."},
            "reason": {**OR_NULL, "description": "Why; for those who may know."},
            "table": {"type": "string", "enum": [*tables]},
            "key": LINE,
            "action": {
                "type": "string",
                "enum": sorted(actions),
                "description": "What became of it for you.",
            },
            "version": {"type": ["integer", "null"]},
            "differs": {
                "type": "array",
                "items": LINE,
                "description": "The columns that differ, where told.",
            },
            "url": LINE,
            "record": {
                "type": ["object", "null"],
                "description": "The record as it is now, with `expand=record`; null where there is none to be seen.",
            },
        },
        "One record that a change lets you see otherwise.",
        beside=("record",),
    )
    page = _object(
        {
            "next": {**LINE, "description": "What to ask next time, now or much later."},
            "more": {"type": "boolean", "description": "Whether it has something already."},
            "results": {"type": "array", "items": ref("ChangedRecord")},
        },
        "Changes, oldest first.",
    )
    example: dict[str, Any] = {
        "at": "2026-05-04T12:30:00+00:00",
        "door": "admin",
        "actor": None,
        "reason": None,
        "table": "claims",
        "key": "nano-one-raised",
        "action": "changed",
        "version": 3,
        "differs": [],
        "url": f"{HOST}claims/nano-one-raised/",
    }
    return Operation(
        id="changes_list",
        tag="changes",
        summary="Read what changed",
        description="What you are to look at again since a cursor, oldest first, as you see it: with it a copy of the "
        "ledger stays complete.",
        parameters=(*parameters, IF_NONE_MATCH),
        answers={
            200: Answer(
                "A page of changes.",
                {JSON: ref("ChangePage")},
                ("ETag", "Link"),
                {"next": f"{HOST}changes/?cursor=abc", "more": False, "results": [example]},
            ),
            304: NOT_MODIFIED,
        },
        problems=(422,),
        schemas=SCHEMAS | SHARED | {"ChangedRecord": item, "ChangePage": page},
    )


def timeline(parameters: Sequence[Parameter], tables: Sequence[str]) -> Operation:
    """Everything that is dated."""
    item = _object(
        {
            "date": LINE,
            "earliest": {**OR_NULL, "description": "The first day it may be; null where that is open."},
            "latest": {**OR_NULL, "description": "The last day it may be; null where that is open."},
            "what": {**LINE, "description": "The column that holds the date."},
            "table": {"type": "string", "enum": [*tables]},
            "key": LINE,
            "label": OR_NULL,
            "url": LINE,
        },
        "One date of one record.",
    )
    page = _object(
        {
            "count": {"type": "integer", "description": "How many dates there are; with `count=true` only."},
            "next": OR_NULL,
            "results": {"type": "array", "items": ref("DatedRecord")},
        },
        "Dates, the earliest first.",
        beside=("count",),
    )
    example = {
        "date": "2020-08 (Aug 2020)",
        "earliest": "2020-08-01",
        "latest": "2020-08-31",
        "what": "signed",
        "table": "agreements",
        "key": "joint-development",
        "label": "Joint development",
        "url": f"{HOST}agreements/joint-development/",
    }
    sheets = {kind.media_type: SHEET for kind in LISTS if kind.media_type != JSON}
    return Operation(
        id="timeline_list",
        tag="timeline",
        summary="Read what is dated",
        description="Everything that has a date, of all tables in one list: by the earliest day, then the latest.",
        parameters=(*parameters, IF_NONE_MATCH),
        answers={
            200: Answer(
                "A page of dates, or a sheet.",
                {JSON: ref("TimelinePage"), **sheets},
                ("ETag", "Link"),
                {"next": None, "results": [example]},
            ),
            304: NOT_MODIFIED,
        },
        problems=(422,),
        schemas=SCHEMAS | SHARED | {"DatedRecord": item, "TimelinePage": page},
    )


def graph(parameters: Sequence[Parameter], types: Sequence[str], tables: Sequence[str]) -> Operation:
    """Entities and what links them."""
    node = _object(
        {
            "slug": ref("Slug"),
            "type": {"type": "string", "enum": [*types]},
            "name": LINE,
            "basis": LINE,
            "confidence": LINE,
        },
        "An entity.",
    )
    edge = _object(
        {
            "source": ref("Slug"),
            "target": ref("Slug"),
            "kind": {**LINE, "description": "The column, or the predicate, that links the two."},
            "table": {"type": "string", "enum": [*tables]},
            "key": LINE,
            "basis": LINE,
            "confidence": LINE,
            "negated": {"type": ["boolean", "null"]},
            "modality": OR_NULL,
        },
        "What links two entities, and the record that says so.",
    )
    whole = _object(
        {
            "nodes": {"type": "array", "items": ref("Node")},
            "edges": {"type": "array", "items": ref("Edge")},
        },
        "Entities, and what links them.",
    )
    judged = {"basis": "fact", "confidence": "high"}
    example: dict[str, Any] = {
        "nodes": [
            {"slug": slug, "type": "company", "name": name, **judged}
            for slug, name in (("nano-one", "Nano One"), ("lg", "LG"))
        ],
        "edges": [
            {
                "source": "nano-one",
                "target": "lg",
                "kind": "supplies",
                "table": "claims",
                "key": "nano-one-supplies",
            }
            | judged
            | {"negated": False, "modality": "possible"}
        ],
    }
    return Operation(
        id="graph_retrieve",
        tag="graph",
        summary="Read what links entities",
        description="Entities and what links them, all of them or those around one. What is too large is refused with "
        "the ways to narrow it.",
        parameters=(*parameters, IF_NONE_MATCH),
        answers={200: Answer("The graph.", {JSON: ref("Graph")}, ("ETag",), example), 304: NOT_MODIFIED},
        problems=(422,),
        schemas=SCHEMAS | SHARED | {"Node": node, "Edge": edge, "Graph": whole},
    )
