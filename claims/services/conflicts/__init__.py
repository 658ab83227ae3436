"""Claims that cannot all be true: finding them, keeping the records of them up to date, deciding them."""

from claims.services.conflicts.deciding import note, reopen, resolve
from claims.services.conflicts.keeping import rebuild

__all__ = ["note", "rebuild", "reopen", "resolve"]
