"""The top of the house: settings, addresses and the commands that operate the ledger."""

from django.apps import AppConfig


class ClaimsSiteConfig(AppConfig):
    """Installed as an app for its management commands; it has no models."""

    name = "claims_site"
    verbose_name = "Ledger"
