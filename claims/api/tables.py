"""The tables of the API: those of the contract, and the one of all entities; what claims tell and are asked besides."""

from django.db import models

from claims.api.filters import AboutEntity
from claims.contract import TABLES
from claims.models import Citation, Claim, Conflict, Entity
from evidence.api.filters import MinConfidence
from evidence.api.resources import Api, Resource, Told
from evidence.contract import Table
from evidence.services.readers import Reader

ENTITIES = Table("entities", Entity, "type name description")
"""Entities of every type in one list, with what all of them have; their own tables tell the rest."""


def contested(reader: Reader) -> models.Case:
    """Whether something speaks against a claim that the reader sees too: an open conflict, or a refuting citation."""
    return Claim.objects.contested_by(conflicts=reader.rows(Conflict), citations=reader.rows(Citation))


CONTESTED = Told(
    models.BooleanField(
        name="contested",
        verbose_name="contested",
        default=False,
        help_text="Whether an open conflict, or a citation that refutes it, speaks against it.",
    ),
    contested,
)


def _resource(table: Table) -> Resource:
    judged = (MinConfidence(),) if "confidence" in table.by_name else ()
    if table.model is Claim:
        return Resource(table, (CONTESTED,), (*judged, AboutEntity()))
    return Resource(table, filters=judged)


API = Api(map(_resource, (*TABLES, ENTITIES)))
