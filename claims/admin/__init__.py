"""The upper floor in the admin. Files go by the clusters of the models; Entity is every leaf's autocomplete."""

from claims.admin import claims, conflicts, imports, merging, reasoning, registry, sources

__all__ = ["claims", "conflicts", "imports", "merging", "reasoning", "registry", "sources"]
