"""Static files under names that carry a checksum of their content."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class LedgerStaticStorage(CompressedManifestStaticFilesStorage):
    """Checksummed names once collected, plain ones before.

    `serve` collects before it serves. Tests and commands that only render a page must not
    depend on that, so a file that was never collected keeps its plain name instead of failing.
    """

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """The collected name, or the plain one where nothing was collected."""
        try:
            return super().stored_name(name)
        except ValueError:
            return name
