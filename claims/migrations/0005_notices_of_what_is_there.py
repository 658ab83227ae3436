"""A notice of every record that there is, as of the change that wrote it last, so that feeds begin with all of them."""

from heapq import merge
from itertools import groupby, islice

from django.db import migrations
from django.db.models import Exists, Max, OuterRef

LOT = 1000
KEYS = {
    "snapshot": ("source__slug", "captured"),
    "premise": ("conclusion__slug", "premise__slug"),
    "assessment": ("hypothesis__slug", "claim__slug", "assessor"),
    "distinction": ("entity__slug", "other__slug"),
}
"""The keys that are no slugs."""


def fill(apps, _schema_editor):
    notices = apps.get_model("evidence", "Notice")
    models = {
        model._meta.model_name: model
        for model in apps.get_models()
        if _is_record(model) and _past(apps, model) is not None
    }
    last = merge(*(_last(apps, model) for model in models.values()))
    for name, rows in groupby(last, key=lambda one: one[1]):
        while some := list(islice(rows, LOT)):
            written = {row: change for change, _, row in some}
            notices.objects.bulk_create(_notices(notices, models[name], written))


def _notices(notices, model, written):
    keys = KEYS.get(model._meta.model_name, ("slug",))
    public = set(_public(model).filter(pk__in=written).values_list("pk", flat=True))
    there = model._base_manager.filter(pk__in=written).order_by()
    found = {row: rest for row, *rest in there.values_list("pk", "version", *keys)}
    for row, change in written.items():
        if row in found:
            version, *key = found[row]
            yield notices(
                change_id=change,
                model=model._meta.label_lower,
                row=row,
                key="+".join(part if isinstance(part, str) else part.isoformat() for part in key),
                version=version,
                whole="+",
                public="+" if row in public else "",
            )


def _last(apps, model):
    """Of every record that was ever written, the change that wrote it last, in the order of changes."""
    past, key = _past(apps, model), model._meta.pk.attname
    newest = past._base_manager.order_by().values(key).annotate(change=Max("change_id"))
    for change, row in newest.order_by("change", key).values_list("change", key):
        yield change, model._meta.model_name, row


def _past(apps, model):
    return next((one for one in apps.get_models() if one.__name__ == f"Historical{model.__name__}"), None)


def _is_record(model):
    names = {field.name for field in model._meta.get_fields()}
    return {"version", "created", "updated"} <= names and "history_id" not in names


def _public(model):
    """Accepted records, of which all that they have to name is public too."""
    rows, options = model._base_manager.order_by(), model._meta
    if any(field.name == "review" for field in options.concrete_fields):
        rows = rows.filter(review="accepted")
    for field in options.concrete_fields:
        required = field.is_relation and not (field.null or field.remote_field.parent_link)
        if required and _is_record(field.related_model):
            rows = rows.filter(Exists(_public(field.related_model).filter(pk=OuterRef(field.attname))))
    for field in options.many_to_many:
        if not field.blank:
            own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
            links = field.remote_field.through._base_manager.filter(**{own: OuterRef("pk")})
            named = _public(field.related_model).filter(pk=OuterRef(f"{other}_id"))
            rows = rows.exclude(Exists(links.exclude(Exists(named))))
    return rows


class Migration(migrations.Migration):

    dependencies = [
        ("claims", "0004_former_slugs_and_distinctions"),
        ("evidence", "0005_notices"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
