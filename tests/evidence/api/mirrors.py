"""A copy of the ledger that somebody keeps by the feed of changes, and what it is to be equal to."""

from typing import Any

from evidence.api.resources import Seen
from evidence.api.rows import Rows
from evidence.services.history import has_history
from evidence.services.readers import Reader
from tests.api import RESOURCES, client_of, key_of

TABLES = [resource for resource in RESOURCES if has_history(resource.model)]
Records = dict[tuple[str, str], dict[str, Any]]
"""Records by table and key."""


def full_lists(user: Any) -> Records:
    """All that somebody may read of every table, as lists tell it."""
    found: Records = {}
    for resource in TABLES:
        seen = Seen(resource, Reader(user))
        reading = Rows(seen, list(resource.columns))
        for record in map(reading.told, map(reading.row, reading.chosen(seen.rows))):
            found[resource.name, "+".join(part or "" for part in key_of(resource, record))] = record
    return found


class Mirror:
    """A copy: begun from full lists, with a place in the feed taken before, or from the feed's beginning."""

    def __init__(self, user: Any, lists: Records | None = None) -> None:
        """`lists` are those of this moment; without them it begins from the feed."""
        self.client, self.records = client_of(user if user.pk else None), Records(lists or {})
        self.address = f"/api/v1/changes/?expand=record&cursor={'' if lists is None else 'now'}"
        if lists is not None:
            self.read_on()

    def read_on(self, limit: int = 500) -> bool:
        """Apply the next items; returns whether there are more."""
        answer = self.client.get(f"{self.address}&limit={limit}")
        assert answer.status_code == 200, answer.content
        body = answer.json()
        for item in body["results"]:
            place = item["table"], item["key"]
            if item["record"] is None:
                self.records.pop(place, None)
            else:
                self.records[place] = item["record"]
        self.address = body["next"].replace(f"&limit={limit}", "")
        return bool(body["more"])

    def catch_up(self) -> None:
        """Read to the end."""
        while self.read_on():
            pass
