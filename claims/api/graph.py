"""The graph: entities, and what links them: what their records name, owners, positions, and claims between two of them.

Every kind of link is a branch of one query, read off the contract; a new column that names entities links them too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from django.db.models import BooleanField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claims.choices import EntityType, ValueType
from claims.models import Claim, Entity
from evidence.api import formats, words
from evidence.api.asking import all_known, asked_of
from evidence.api.filters import LEVELS, found_rows
from evidence.api.parameters import Parameter
from evidence.api.problems import APART, AskedWrongly, wrong
from evidence.api.resources import Api, Seen
from evidence.api.rows import Told
from evidence.api.schema import others
from evidence.api.schema.operations import Operation
from evidence.api.schema.values import ref
from evidence.choices import Review
from evidence.contract import Column, Kind
from evidence.models import Part
from evidence.services.history import chunked
from evidence.services.readers import Reader

MOST_NODES, MOST_EDGES = 5_000, 20_000
"""How large a graph may be; what is larger has to be narrowed."""

DEEPEST = 3
AT_A_TIME = 500
"""Entities whose links are looked for in one query, in each branch twice."""

HOW_TO_NARROW = "narrow it by `around` and `depth`, by `type` or by `min_confidence`"


class Edge(NamedTuple):
    """A link from one entity to another, and the record that states it."""

    source: str
    target: str
    kind: str
    table: str
    key: str
    basis: str
    confidence: str
    negated: bool
    modality: str
    source_row: int
    target_row: int

    def told(self) -> Told:
        """It, as JSON."""
        told = self._asdict()
        del told["source_row"], told["target_row"]
        return {**told, "modality": self.modality or None}


@dataclass(frozen=True)
class Branch:
    """Rows that each link two entities, by the paths that lead to these and to the record that states it."""

    rows: QuerySet[Any]
    table: str
    source: str
    target: str
    kind: Any
    key: str = "slug"
    judged: str = ""
    """The path to what says how sure it is: the row itself, or what it is a part of."""

    negated: Any = None
    modality: Any = None

    def edges(self) -> QuerySet[Any]:
        """These links, as the values of edges."""
        text = TextField()
        told = {
            "source": F(f"{self.source}__slug"),
            "target": F(f"{self.target}__slug"),
            "kind": self.kind,
            "table": Value(self.table),
            "key": F(self.key),
            "basis": F(f"{self.judged}basis"),
            "confidence": F(f"{self.judged}confidence"),
            "modality": self.modality or Value(""),
        }
        values: dict[str, Any] = {f"edge_{name}": Cast(one, text) for name, one in told.items()}
        values["edge_negated"] = Cast(self.negated or Value(False), BooleanField())
        values |= {"edge_source_row": F(f"{self.source}__pk"), "edge_target_row": F(f"{self.target}__pk")}
        rows = self.rows.annotate(**values).order_by()
        return rows.values_list(*(f"edge_{name}" for name in Edge._fields))


@dataclass(frozen=True)
class Graph:
    """What is asked for of the graph, as a reader sees it."""

    api: Api
    reader: Reader
    types: Sequence[str]
    levels: Sequence[str]
    around: int | None
    depth: int

    @property
    def entities(self) -> QuerySet[Any]:
        """The entities that may be in it."""
        rows = self.reader.rows(Entity).order_by()
        if not self.types:
            return rows
        return rows.filter(Q(type__in=self.types) | Q(pk=self.around))

    def _is_in(self, end: str) -> Q:
        """Whether the entity at an end of a link is one of these: asked of its own row, which the link is joined with.

        Subqueries for both ends in each of some twenty branches are more than PostgreSQL makes a good plan for.
        """
        found = Q() if self.reader.may_see(Entity) else Q(**{f"{end}__review": Review.ACCEPTED})
        if self.types:
            own = Q() if self.around is None else Q(**{end: self.around})
            found &= Q(**{f"{end}__type__in": self.types}) | own
        return found

    def read(self) -> tuple[list[Told], list[Told]]:
        """Its nodes and edges, each in an order of their own. Raises AskedWrongly where it is too large."""
        if self.around is None:
            if (number := self.entities.count()) > MOST_NODES:
                raise _too_large(number, "entities")
            rows, edges = self.entities, self._edges(None)
        else:
            reached, edges = self._reached(self.around)
            rows = self.entities.filter(pk__in=reached)
        nodes = rows.values("slug", "type", "name", "basis", "confidence")
        told = sorted(nodes, key=lambda node: node["slug"])
        return told, [edge.told() for edge in sorted(edges)]

    def _reached(self, start: int) -> tuple[set[int], set[Edge]]:
        """What is so many steps away or less, and all links between that."""
        reached, newest, edges = {start}, {start}, set[Edge]()
        for step in range(self.depth + 1):
            found = {edge for some in chunked(sorted(newest), AT_A_TIME) for edge in self._edges(some)}
            if step == self.depth:
                edges |= {edge for edge in found if {edge.source_row, edge.target_row} <= reached}
                break
            edges |= found
            newest = {row for edge in found for row in (edge.source_row, edge.target_row)} - reached
            reached |= newest
            if len(reached) > MOST_NODES:
                raise _too_large(len(reached), "entities")
        if len(edges) > MOST_EDGES:
            raise _too_large(len(edges), "links")
        return reached, edges

    def _edges(self, ends: Sequence[int] | None) -> set[Edge]:
        """The links between entities that may be in it, all or those with one of these at an end."""
        asked = []
        for branch in self._branches():
            rows = branch.rows
            rows = rows.filter(self._is_in(branch.source) & self._is_in(branch.target))
            if ends is not None:
                rows = rows.filter(Q(**{f"{branch.source}__in": ends}) | Q(**{f"{branch.target}__in": ends}))
            if self.levels:
                rows = rows.filter(**{f"{branch.judged}confidence__in": self.levels})
            asked.append(Branch(**{**vars(branch), "rows": rows}).edges())
        found = {Edge(*values) for values in asked[0].union(*asked[1:], all=True)[: MOST_EDGES + 1]}
        if len(found) > MOST_EDGES:
            raise _too_large(MOST_EDGES, "links", "more than ")
        return found

    def _branches(self) -> Iterator[Branch]:
        for resource in self.api.by_name.values():
            seen = Seen(resource, self.reader)
            if resource.model is Claim:
                yield _claimed(seen)
                continue
            naming = [column for column in resource.table.columns if _names_entity(column)]
            if issubclass(resource.model, Entity):
                yield from (_named(seen, column) for column in naming)
            elif issubclass(resource.model, Part):
                ends = [column for column in naming if column.required]
                if len(ends) == 2:
                    yield _between(seen, ends)


class GraphView(APIView):
    """Entities and what links them, whole or around one."""

    api: ClassVar[Api]
    renderer_classes = (JSONRenderer,)

    def operation(self, _method: str) -> Operation:
        """What its documentation says."""
        return others.graph(self.parameters, EntityType.values, [*self.api.by_name])

    @property
    def parameters(self) -> list[Parameter]:
        """What it can be asked for."""
        types = {"type": "string", "enum": list(EntityType.values)}
        levels = "Links of this level of confidence or a higher one; what cannot be judged never passes."
        return [
            Parameter("around", "The entity in the middle; all of them where it is left out.", ref("Slug")),
            Parameter(
                "depth",
                "How many steps from `around` to go; 1 unless it says otherwise.",
                {"type": "integer", "minimum": 1, "maximum": DEEPEST},
            ),
            Parameter("type", "Entities of these types only.", types, several=True),
            Parameter("min_confidence", levels, {"type": "string", "enum": list(LEVELS)}),
            formats.parameter(self.renderer_classes),
        ]

    def get(self, request: Request) -> Response:
        """Nodes and edges."""
        nodes, edges = self._asked(Reader(request.user), asked_of(request)).read()
        return Response({"nodes": nodes, "edges": edges})

    def _asked(self, reader: Reader, asked: Mapping[str, Sequence[str]]) -> Graph:
        all_known(asked, self.parameters)

        def text(name: str) -> str:
            return words.single(name, asked[name]) if name in asked else ""

        around, depth, types, levels = words.collect(
            [
                lambda: self._around(reader, text("around")) if "around" in asked else None,
                lambda: words.whole_number("depth", text("depth"), most=DEEPEST) if "depth" in asked else 1,
                lambda: words.names("type", asked.get("type", ()), EntityType.values, "type of entity"),
                lambda: _levels(text("min_confidence")) if "min_confidence" in asked else (),
            ]
        )
        if "depth" in asked and around is None:
            raise wrong("depth", "It says how far from `around` to go; give that too.", APART)
        return Graph(self.api, reader, types, levels, around, depth)

    def _around(self, reader: Reader, slug: str) -> int:
        claims = self.api.by_model[Claim]
        (row,) = found_rows(Seen(claims, reader), claims.columns["subject"], "around", [slug])
        return row


def _names_entity(column: Column) -> bool:
    return column.target is not None and issubclass(column.target, Entity)


def _named(seen: Seen, column: Column) -> Branch:
    """An entity's record names another entity."""
    name, table = column.name, seen.resource.name
    if column.kind is Kind.REFERENCE:
        rows = seen.rows.filter(**{f"{name}__isnull": False})
        return Branch(rows, table, "entity_ptr", name, Value(name))
    field = column.field
    own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
    links = field.remote_field.through._base_manager.order_by()
    shown = links.filter(**{f"{own}__in": seen.rows.values("pk")})
    return Branch(shown, table, own, other, Value(name), f"{own}__slug", f"{own}__")


def _between(seen: Seen, ends: Sequence[Column]) -> Branch:
    """A record of its own links two entities, of one of which it is a part: an ownership, a position."""
    source, target = (column.name for column in ends)
    model: Any = seen.resource.model
    kind = Value(str(model._meta.model_name))
    return Branch(seen.rows, seen.resource.name, source, target, kind, judged=f"{model.PARENT}__")


def _claimed(seen: Seen) -> Branch:
    """A claim whose value is an entity."""
    rows = seen.rows.filter(predicate__value_type=ValueType.ENTITY, object__isnull=False)
    return Branch(
        rows,
        seen.resource.name,
        "subject",
        "object",
        F("predicate__slug"),
        negated=F("negated"),
        modality=F("modality"),
    )


def _levels(text: str) -> Sequence[str]:
    """The levels of confidence that are high enough."""
    level = words.one_of("min_confidence", text, LEVELS, "level of confidence", "unknown_code")
    return LEVELS[LEVELS.index(level) :]


def _too_large(number: int, noun: str, how: str = "") -> AskedWrongly:
    most = MOST_NODES if noun == "entities" else MOST_EDGES
    detail = f"These are {how}{number} {noun}, and a graph has {most} at most; {HOW_TO_NARROW}."
    return wrong("around", detail, "too_large")
