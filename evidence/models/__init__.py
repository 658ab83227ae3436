"""The ground floor's tables. Submodules go by cluster; import from here."""

from evidence.models.bases import Curated, Part, Record, Reviewed, Slugged
from evidence.models.changes import Change, History, HistoryEntry, NoChangeOpen, Witness
from evidence.models.imports import ImportBatch
from evidence.models.notices import Notice
from evidence.models.sources import Investigation, Publisher, Snapshot, Source
from evidence.models.tokens import Token

__all__ = [
    "Change",
    "Curated",
    "History",
    "HistoryEntry",
    "ImportBatch",
    "Investigation",
    "NoChangeOpen",
    "Notice",
    "Part",
    "Publisher",
    "Record",
    "Reviewed",
    "Slugged",
    "Snapshot",
    "Source",
    "Token",
    "Witness",
]
