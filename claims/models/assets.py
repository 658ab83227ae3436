"""Plants and patents."""

from django.db import models

from claims.choices import EntityType, PatentStatus, PlantKind, PlantStatus
from claims.models.printed import Printed
from claims.models.registry import Entity, identity
from evidence.fields import CodeField, CountryField, FieldRule, LineField, ListField, PartialDateField
from evidence.models import History
from evidence.models.bases import in_order, known_code


class Plant(Entity):
    """A place where something is made, mined, recycled or researched."""

    TYPE = EntityType.PLANT
    PRINTED = (Printed("capacity", "quantity", unit="capacity_unit"),)
    entity_ptr = identity()

    kind = CodeField(blank=True, choices=PlantKind, help_text="What it makes or does.")
    operators = models.ManyToManyField(
        Entity, blank=True, related_name="operated_plants", help_text="Who runs it."
    )
    owners = models.ManyToManyField(Entity, blank=True, related_name="owned_plants", help_text="Who owns it.")
    location = LineField(blank=True, help_text="Where it lies, as stated.")
    country = CountryField(blank=True, help_text="ISO 3166 code, such as CA.")
    latitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="Degrees north, WGS 84; south is negative.",
    )
    longitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="Degrees east, WGS 84; west is negative.",
    )
    chemistries = models.ManyToManyField(
        Entity, blank=True, related_name="made_at", help_text="The chemistries it works with."
    )
    capacity = LineField(blank=True, help_text="Its capacity as printed, such as “30+ GWh by end 2026”.")
    capacity_unit = LineField(blank=True, help_text="The unit, where the printed capacity omits it.")
    opened = PartialDateField(help_text="When production started.")
    closed = PartialDateField(help_text="When it closed.")
    status = CodeField(blank=True, choices=PlantStatus, help_text="Where it stands.")
    aliases = ListField(blank=True, help_text="Other names and spellings in documents, separated by |.")

    history = History(m2m_fields=["operators", "owners", "chemistries"])

    class Meta:
        constraints = (
            known_code("kind", PlantKind, blank=True),
            known_code("status", PlantStatus, blank=True),
            in_order("opened", "closed"),
            FieldRule(
                field="latitude",
                name="claims_plant_latitude_on_earth",
                condition=models.Q(latitude__isnull=True) | models.Q(latitude__range=(-90, 90)),
                violation_error_message="A latitude lies between -90 and 90 degrees.",
            ),
            FieldRule(
                field="longitude",
                name="claims_plant_longitude_on_earth",
                condition=models.Q(longitude__isnull=True) | models.Q(longitude__range=(-180, 180)),
                violation_error_message="A longitude lies between -180 and 180 degrees.",
            ),
            FieldRule(
                field="longitude",
                name="claims_plant_both_coordinates",
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                violation_error_message="Latitude and longitude go together; give both or neither.",
            ),
        )


class Patent(Entity):
    """A patent or an application for one."""

    TYPE = EntityType.PATENT
    entity_ptr = identity()

    number = LineField(blank=True, help_text="The number as printed, such as KR 10-2791544.")
    jurisdiction = LineField(
        blank=True, help_text="Two-letter code of the office (WIPO ST.3), such as KR or EP."
    )
    assignees = models.ManyToManyField(Entity, blank=True, related_name="patents", help_text="Who holds it.")
    filed = PartialDateField(help_text="When it was filed.")
    granted = PartialDateField(help_text="When it was granted.")
    technologies = models.ManyToManyField(
        Entity, blank=True, related_name="patented_in", help_text="What it covers."
    )
    status = CodeField(blank=True, choices=PatentStatus, help_text="Where it stands with its office.")

    history = History(m2m_fields=["assignees", "technologies"])

    class Meta:
        constraints = (
            known_code("status", PatentStatus, blank=True),
            in_order("filed", "granted"),
        )
