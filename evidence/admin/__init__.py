"""The ground floor in the admin."""

from evidence.admin import sources

__all__ = ["sources"]
