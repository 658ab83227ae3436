"""What lists of claims are asked for besides their columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from claims.choices import EntityType
from evidence.api import words
from evidence.api.filters import found_rows
from evidence.api.parameters import Parameter
from evidence.api.problems import APART, wrong
from evidence.api.resources import Seen
from evidence.api.schema.values import ref

TYPES = {"type": "string", "enum": list(EntityType.values)}
ROLES = {"subject": ("subject",), "object": ("object",), "any": ("subject", "object")}
ROLE = {"type": "string", "enum": list(ROLES)}


@dataclass(frozen=True)
class AboutEntity:
    """`entity=lg` and `type=plant`: claims that name this entity, or one of this type; `role` says as what."""

    parameters: tuple[Parameter, ...] = (
        Parameter(
            "entity",
            "Claims that name one of these entities, in that `role`.",
            ref("Slugs"),
        ),
        Parameter(
            "type",
            "Claims that name an entity of one of these types, in that `role`.",
            TYPES,
            several=True,
        ),
        Parameter("role", "As what `entity` or `type` is named: `any`, unless it says otherwise.", ROLE),
    )

    def condition(self, seen: Seen, given: Mapping[str, Sequence[str]]) -> Q:
        """What rows have to fulfil."""
        if given.keys() == {"role"}:
            raise wrong("role", "It says as what `entity` or `type` is named; give one of these too.", APART)
        role = words.single("role", given.get("role", ["any"]))
        ends = ROLES[words.one_of("role", role, ROLES, "role", "unknown_code")]
        found = Q()
        for name, named in (("entity", self._entities), ("type", self._types)):
            if name in given:
                texts = words.several(name, given[name])
                by_end = named(seen, texts)
                found &= Q(*map(by_end, ends), _connector=Q.OR)
        return found

    def _entities(self, seen: Seen, slugs: Sequence[str]) -> Callable[[str], Q]:
        rows = found_rows(seen, seen.resource.columns["subject"], "entity", slugs)
        return lambda end: Q(**{f"{end}__in": rows})

    def _types(self, seen: Seen, types: Sequence[str]) -> Callable[[str], Q]:
        known = [
            words.one_of("type", one, EntityType.values, "type of entity", "unknown_code") for one in types
        ]
        entities = seen.named(seen.resource.columns["object"]).filter(type__in=known)
        return lambda end: Q(Exists(entities.filter(pk=OuterRef(f"{end}_id"))))
