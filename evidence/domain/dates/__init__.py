"""Dates as vague as their source: what people print, as EDTF and as the days it may mean."""

from evidence.domain.dates.partial import DateRefused, PartialDate, SortKey, may_overlap, surely_before
from evidence.domain.dates.reading import read
from evidence.domain.dates.telling import told

__all__ = ["DateRefused", "PartialDate", "SortKey", "may_overlap", "read", "surely_before", "told"]
