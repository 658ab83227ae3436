"""The timeline of the ledger: its dates may concern an entity."""

from collections.abc import Sequence

from claims.models import Claim, Entity
from evidence.api.filters import found_rows
from evidence.api.resources import Seen
from evidence.api.timeline import CONCERNING, TimelineView
from evidence.services.readers import Reader


class Timeline(TimelineView):
    """Everything that is dated, by the earliest day and then the latest; what is of no known day comes last."""

    about = Entity

    def named(self, reader: Reader, slugs: Sequence[str]) -> list[int]:
        """The row ids of entities, which claims name as their subject."""
        claims = self.api.by_model[Claim]
        return found_rows(Seen(claims, reader), claims.columns["subject"], CONCERNING, slugs)
