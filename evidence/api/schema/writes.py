"""The operations that write to a table: records made, changed, replaced, deleted, and taken through review."""

from typing import Any

from evidence.api import asking
from evidence.api.bodies import MOST
from evidence.api.parameters import Parameter
from evidence.api.resources import Api, Resource
from evidence.api.schema import bodies, records, values
from evidence.api.schema.answers import JSON, SCHEMAS, Answer
from evidence.api.schema.operations import Body, Operation
from evidence.domain.review import STEPS, WITH_REASON

TAGS = r'^\s*(\*|(W/)?"[!#-~]*"(\s*,\s*(W/)?"[!#-~]*")*)\s*$'
WRITTEN = (403, 422, 503)
SENT = (411, 413, 415)
CONDITIONAL = (404, 409, 412, 428)

IF_MATCH = Parameter(
    "If-Match",
    'The ETag with which the record was read, or its version in quotes (`"7"`), or several; `*` for whichever it has.',
    {"type": "string", "pattern": TAGS},
    place="header",
    required=True,
    example='"7"',
)
REPLACING = Parameter(
    "If-Match",
    "The ETag with which the record was read, where all of it is said anew.",
    {"type": "string", "pattern": TAGS},
    place="header",
    example='"7"',
)
MAKING = Parameter(
    "If-None-Match",
    "`*` to make the record, unless there is one already.",
    {"type": "string", "enum": ["*"]},
    place="header",
)


def created(api: Api, resource: Resource) -> Operation:
    """Making one record, or several."""
    label, singular = resource.table.label, _singular(resource)
    told, made = values.ref(records.name_of(resource)), values.ref(bodies.new(resource))
    parts = ", ".join(api.parts(resource))
    inside = f" {parts.capitalize()} may stand inside of it." if parts else ""
    return Operation(
        id=f"{resource.name}_create",
        tag=resource.name,
        summary=f"Make one or several {label}",
        description=f"Make one {singular}, or up to {MOST:,} in a list: all or none. The slug is proposed where it is "
        f"left out.{inside}",
        parameters=tuple(asking.of_writing(resource)),
        body=Body({JSON: _one_or_several(made)}, bodies.example(resource)),
        answers={
            201: Answer(
                f"The {singular} as you see it, or the list of them.",
                {JSON: _one_or_several(told)},
                ("Location", "ETag"),
                records.example(resource),
            )
        },
        problems=(*WRITTEN, *SENT, 409),
        writes=True,
        schemas=_schemas(api, resource),
    )


def updated_many(api: Api, resource: Resource) -> Operation:
    """Changing several records."""
    label = resource.table.label
    return Operation(
        id=f"{resource.name}_update_many",
        tag=resource.name,
        summary=f"Change several {label}",
        description=f"Change up to {MOST:,} {label}, all or none; each is named by its key, with the version that was "
        "read. What is not said of a record stays.",
        parameters=tuple(asking.of_writing(resource)),
        body=Body(
            {JSON: bodies.several(values.ref(bodies.listed_change(resource)))},
            bodies.listed_change_example(resource),
        ),
        answers={
            200: Answer(
                f"The {label} as you see them.",
                {JSON: bodies.several(values.ref(records.name_of(resource)))},
                ("ETag",),
                [records.example(resource)],
            )
        },
        problems=(*WRITTEN, *SENT, 409, 412, 428),
        writes=True,
        schemas=_schemas(api, resource),
    )


def updated(api: Api, resource: Resource) -> Operation:
    """Changing one record."""
    singular = _singular(resource)
    return Operation(
        id=f"{resource.name}_update",
        tag=resource.name,
        summary=f"Change one {singular}",
        description="Change what the body says of it; the rest stays. `null` empties a column.",
        parameters=(records.key(resource), *asking.of_writing(resource), IF_MATCH),
        body=Body({JSON: values.ref(bodies.change(resource))}, bodies.change_example(resource)),
        answers={200: _record(resource)},
        problems=(*WRITTEN, *SENT, *CONDITIONAL),
        writes=True,
        schemas=_schemas(api, resource),
    )


def replaced(api: Api, resource: Resource) -> Operation:
    """Making one record once, or saying all of it anew."""
    singular = _singular(resource)
    made = Answer(
        f"The {singular}, which is new.",
        {JSON: values.ref(records.name_of(resource))},
        ("Location", "ETag"),
        records.example(resource),
    )
    return Operation(
        id=f"{resource.name}_replace",
        tag=resource.name,
        summary=f"Make one {singular} once, or say all of it anew",
        description="With `If-None-Match: *` it is made, unless it is there; sent twice it is made once. With "
        "`If-Match` all of it is said anew: what is left out is emptied, or gets the default of a new record; only "
        "`review` stays.",
        parameters=(records.key(resource), *asking.of_writing(resource), REPLACING, MAKING),
        body=Body({JSON: values.ref(bodies.replacement(resource))}, bodies.replacement_example(resource)),
        answers={200: _record(resource), 201: made},
        problems=(*WRITTEN, *SENT, *CONDITIONAL),
        writes=True,
        schemas=_schemas(api, resource),
    )


def destroyed(_api: Api, resource: Resource) -> Operation:
    """Deleting one record."""
    singular = _singular(resource)
    return Operation(
        id=f"{resource.name}_destroy",
        tag=resource.name,
        summary=f"Delete one {singular}",
        description="Delete it with its parts, unless others name it: then the answer is 409, and says which do.",
        parameters=(records.key(resource), *asking.of_writing(resource), IF_MATCH),
        answers={204: Answer("It is no more.")},
        problems=(*WRITTEN, *CONDITIONAL),
        writes=True,
        schemas=SCHEMAS | values.SHARED,
    )


def step(api: Api, resource: Resource, verb: str) -> Operation:
    """Taking one record a step through review."""
    singular, state = _singular(resource), STEPS[verb]
    why = " It needs a `reason`." if state in WITH_REASON else ""
    return Operation(
        id=f"{resource.name}_{verb}",
        tag=resource.name,
        summary=f"{verb.capitalize()} one {singular}",
        description=f"Take it to “{state}” in review.{why}",
        parameters=(records.key(resource), *asking.of_writing(resource), IF_MATCH),
        answers={200: _record(resource)},
        problems=(*WRITTEN, *CONDITIONAL),
        writes=True,
        schemas=_schemas(api, resource),
    )


def _record(resource: Resource) -> Answer:
    told = {JSON: values.ref(records.name_of(resource))}
    return Answer(f"The {_singular(resource)} as you see it.", told, ("ETag",), records.example(resource))


def _one_or_several(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, bodies.several(schema)]}


def _schemas(api: Api, resource: Resource) -> dict[str, dict[str, Any]]:
    return SCHEMAS | records.schemas(api, resource) | bodies.schemas(api, resource)


def _singular(resource: Resource) -> str:
    return str(resource.model._meta.verbose_name)
