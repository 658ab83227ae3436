"""What somebody who reads sees of the ledger, the same in lists, filters, searches, counts and exports.

Who may look at a table sees all of it. Everybody else, signed in or not, sees what is public: accepted records, and of
restricted sources that they exist, but neither their words nor the places of these.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from evidence.choices import Access
from evidence.models import Record, Source
from evidence.services.roles import may


@dataclass(frozen=True)
class Reader:
    """Somebody who reads, signed in or not."""

    user: Any

    def may_see(self, model: type[Record]) -> bool:
        """Whether they see every row of this model."""
        return may(self.user, "view", model)

    def rows(self, model: type[Record]) -> QuerySet[Any]:
        """The rows of this model that they see."""
        manager: Any = model._default_manager
        rows: QuerySet[Any] = manager.all() if self.may_see(model) else manager.public()
        return rows

    def withheld(self, model: type[Record]) -> Exists | None:
        """Whether a row's words of its source are kept from them; None where no row's are."""
        if not model.QUOTING or self.may_see(Source):
            return None
        restricted = Source._default_manager.filter(access=Access.RESTRICTED)
        return Exists(restricted.filter(pk=OuterRef("source_id")))
