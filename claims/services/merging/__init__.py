"""Two records that are the same thing become one: what that would do, and doing it."""

from claims.services.merging.fields import MergedField, Side
from claims.services.merging.merging import Preview, merge, preview, stands_for
from claims.services.merging.moving import Moved

__all__ = ["MergedField", "Moved", "Preview", "Side", "merge", "preview", "stands_for"]
