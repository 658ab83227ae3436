"""Agreements between parties, and money that goes from one to another."""

from django.core.exceptions import ValidationError
from django.db import models

from claims.choices import AgreementKind, AgreementStatus, EntityType, InvestmentKind, InvestmentStatus
from claims.models.printed import Printed
from claims.models.registry import Entity, clean_stake, identity
from evidence.fields import CodeField, CurrencyField, LineField, PartialDateField
from evidence.models import History
from evidence.models.bases import in_order, known_code


class Agreement(Entity):
    """A deal between parties: a joint development, a licence, a supply contract, a merger that was tried."""

    TYPE = EntityType.AGREEMENT
    PRINTED = (Printed("term", "quantity", units=("year", "month", "day")),)
    entity_ptr = identity()

    kind = CodeField(blank=True, choices=AgreementKind, help_text="The form of the agreement.")
    parties = models.ManyToManyField(
        Entity, blank=True, related_name="agreements", help_text="Who agreed; undisclosed parties too."
    )
    undisclosed_party = LineField(
        blank=True, help_text="How documents describe a party that they do not name."
    )
    announced = PartialDateField(help_text="When it was made public.")
    signed = PartialDateField(help_text="When it was signed.")
    ended = PartialDateField(help_text="When it ended.")
    term = LineField(blank=True, help_text="How long it runs, as printed, such as “up to 20 years”.")
    subject_matter = models.ManyToManyField(
        Entity, blank=True, related_name="agreements_about", help_text="What it is about."
    )
    status = CodeField(blank=True, choices=AgreementStatus, help_text="Where it stands.")

    history = History(m2m_fields=["parties", "subject_matter"])

    class Meta:
        constraints = (
            known_code("kind", AgreementKind, blank=True),
            known_code("status", AgreementStatus, blank=True),
            in_order("signed", "ended"),
            in_order("announced", "ended"),
        )


class Investment(Entity):
    """Money or assets that went, or are to go, from one entity to another."""

    TYPE = EntityType.INVESTMENT
    PRINTED = (Printed("amount", "money", unit="currency"), Printed("stake_percent", "percent"))
    entity_ptr = identity()

    kind = CodeField(blank=True, choices=InvestmentKind, help_text="What sort of payment it is.")
    investor = models.ManyToManyField(
        Entity, blank=True, related_name="investments_made", help_text="Who pays."
    )
    investee = models.ForeignKey(
        Entity,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="investments_received",
        help_text="Who or what receives.",
    )
    amount = LineField(blank=True, help_text="The amount as printed, such as US$10M.")
    currency = CurrencyField(
        blank=True, help_text="ISO 4217 code. Empty where the document leaves it open (a bare $)."
    )
    stake_percent = LineField(blank=True, help_text="The share it gives, as printed, such as 4.9%.")
    announced = PartialDateField(help_text="When it was made public.")
    closed = PartialDateField(help_text="When it was completed.")
    agreement = models.ForeignKey(
        Agreement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="investments",
        help_text="The agreement it belongs to.",
    )
    status = CodeField(blank=True, choices=InvestmentStatus, help_text="Where it stands.")

    history = History(m2m_fields=["investor"])

    class Meta:
        constraints = (
            known_code("kind", InvestmentKind, blank=True),
            known_code("status", InvestmentStatus, blank=True),
        )

    def clean(self) -> None:
        super().clean()
        clean_stake(self.stake_percent)
        if self.currency and not self.amount:
            raise ValidationError(
                {"currency": "A currency without an amount says nothing; write the amount."}
            )
