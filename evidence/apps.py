from django.apps import AppConfig
from django.db.models.signals import post_migrate


class EvidenceConfig(AppConfig):
    """The ground floor: documents, and the bases, history and unit of work that every record shares."""

    name = "evidence"
    verbose_name = "Evidence"

    def ready(self) -> None:
        # Models can be imported only once every app is loaded, and registering the rules needs them.
        from evidence.services import roles, rules  # noqa: F401

        post_migrate.connect(roles.make_roles, dispatch_uid="evidence.make_roles")
