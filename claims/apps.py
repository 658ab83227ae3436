from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """The upper floor: what is asserted, and how it stands."""

    name = "claims"
    verbose_name = "Claims"

    def ready(self) -> None:
        # Models can be imported only once every app is loaded, and registering the rules needs them.
        from claims.services import conflicts, noticing, readings, rules  # noqa: F401
