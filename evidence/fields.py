"""Columns with a meaning of their own, and constraints that name the field they speak of."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pycountry
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models

from evidence.conditions import holds, named
from evidence.domain import dates
from evidence.domain.text import CONTROL_CHARACTER, SLUG, TextRefused, join_list, split_list, tidy, tidy_line

OPEN_START, OPEN_END = date.min, date.max
"""How an open end of a partial date is stored, so that one comparison serves closed and open intervals."""


class ProseField(models.TextField):
    """Text of any length, tidied at every door (`domain.text.tidy`)."""

    tidy = staticmethod(tidy)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("blank"):
            kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> str:
        try:
            return self.tidy(str(value or ""))
        except TextRefused as refusal:
            raise ValidationError(str(refusal), code=CONTROL_CHARACTER) from refusal

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


class LineField(ProseField):
    """Text that stands on one line."""

    tidy = staticmethod(tidy_line)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"widget": forms.TextInput, **kwargs})


class LinkField(LineField):
    """The address of a page: http or https only, so that it can be shown as a link."""

    default_validators = [
        URLValidator(
            schemes=["http", "https"],
            message="“%(value)s” is no address of a page; write it whole, such as https://example.org/page.",
        )
    ]


class CodeField(models.CharField):
    """A word from a code list. Needs `choices`; empty means not stated where the field is blank.

    `suggested` is what a form starts with where a sheet would have to say it.
    """

    def __init__(self, *args: Any, suggested: str = "", **kwargs: Any) -> None:
        self.suggested = suggested
        kwargs.setdefault("max_length", 40)
        if kwargs.get("blank"):
            kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        start: dict[str, Any] = {"initial": self.suggested} if self.suggested else {}
        return super().formfield(**start, **kwargs)


class SlugField(models.CharField):
    """The key by which people and other systems name a row."""

    default_validators = [
        RegexValidator(
            rf"\A{SLUG.pattern}\Z", "A slug is 1 to 80 small letters, digits and hyphens, such as “nano-one”."
        )
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 80)
        kwargs.setdefault("unique", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        # A history table holds a slug many times, so that the unique default has to be spelt out there.
        return name, path, args, {**kwargs, "unique": self.unique}


class StandardCodeField(LineField):
    """A code of an international standard, checked against pycountry's copy of it."""

    register: str
    attribute: str
    example: str

    def validate(self, value: str, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        known = getattr(pycountry, self.register).get(**{self.attribute: value}) if value else None
        if value and getattr(known, self.attribute, None) != value:  # the look-up minds no capitals
            raise ValidationError(self.advice(value), code="unknown_standard_code")

    def advice(self, value: str) -> str:
        """What is wrong with the value, with the code that was probably meant."""
        try:
            meant = getattr(pycountry, self.register).lookup(value)
        except LookupError:
            return f"“{value}” is no {self.example}."
        code = getattr(meant, self.attribute, "")  # not every language has one of two letters
        return f"“{value}” is no {self.example}" + (f"; write “{code}” for {meant.name}." if code else ".")


class CountryField(StandardCodeField):
    """A country, by its ISO 3166-1 alpha-2 code."""

    register, attribute, example = "countries", "alpha_2", "ISO 3166 country code, such as “CA”"


class CurrencyField(StandardCodeField):
    """A currency, by its ISO 4217 code."""

    register, attribute, example = "currencies", "alpha_3", "ISO 4217 currency code, such as “CAD”"


class LanguageField(StandardCodeField):
    """A language, by its ISO 639-1 code."""

    register, attribute, example = "languages", "alpha_2", "ISO 639-1 language code, such as “en”"


class ListField(LineField):
    r"""Several texts in their order, in Python a list, in a cell separated by `|` (a bar inside is `\|`).

    `words` limits the texts to those of a code list.
    """

    # For the type checker: what an attribute of this kind takes and gives.
    _pyi_private_set_type: list[str]  # type: ignore[assignment]  # a list is what a list field holds
    _pyi_private_get_type: list[str]  # type: ignore[assignment]  # likewise

    def __init__(self, *args: Any, words: type[models.TextChoices] | None = None, **kwargs: Any) -> None:
        self.words = words
        super().__init__(*args, **{**kwargs, "default": list})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("default", None)
        return name, path, args, kwargs

    def from_db_value(self, value: str | None, *_: Any) -> list[str]:
        # Null where an outer join found no row.
        return split_list(value or "")

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # a list is what a list field holds
        texts = split_list(value) if isinstance(value, str) else list(value or ())
        cleaned = [super(ListField, self).to_python(text) for text in texts]
        return list(dict.fromkeys(text for text in cleaned if text))

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        unknown = [word for word in value if self.words and word not in self.words.values]
        if unknown and self.words:
            message = f"“{unknown[0]}” is not one of {', '.join(self.words.values)}."
            raise ValidationError(message, code="unknown_code")

    def get_prep_value(self, value: Any) -> str:
        return value if isinstance(value, str) else join_list(list(value or ()))

    def value_from_object(self, obj: models.Model) -> str:  # type: ignore[override]  # what a form shows is text
        return join_list(getattr(obj, self.attname))

    def value_to_string(self, obj: models.Model) -> str:
        return self.value_from_object(obj)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        # Without these a form would start with the text of an empty list.
        return super().formfield(**{**kwargs, "initial": "", "show_hidden_initial": False})


class PartialDateField(LineField):
    """A date as vague as its source: EDTF, with the printed words behind it where they differ.

    Beside it stand two columns that it fills by itself, `<name>_earliest` and `<name>_latest`: the first and the
    last day it may mean, OPEN_START and OPEN_END where that end is open, both null where it cannot be placed.
    """

    def __init__(self, *args: Any, bounds: bool = True, **kwargs: Any) -> None:
        self.bounds = bounds
        super().__init__(*args, **{"blank": True, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        # In a migration, as in a history table, the two columns are listed as columns of their own.
        return name, path, args, {**kwargs, "bounds": False}

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if self.bounds:
            self.bounds = False
            for end in ("earliest", "latest"):
                day = models.DateField(null=True, editable=False, verbose_name=f"{name}, {end} day")
                cls.add_to_class(f"{name}_{end}", day)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        try:
            return str(dates.read(text)) if text else ""
        except dates.DateRefused as refusal:
            raise ValidationError(str(refusal), code="date") from refusal

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = super().pre_save(model_instance, add)
        self.fill_bounds(model_instance, value)
        return value

    def fill_bounds(self, instance: models.Model, text: str) -> None:
        """Set the two day columns to what the text means."""
        read = dates.read(text) if text else None
        known = read is not None and read.known
        earliest = (read.earliest or OPEN_START) if read and known else None
        latest = (read.latest or OPEN_END) if read and known else None
        setattr(instance, f"{self.name}_earliest", earliest)
        setattr(instance, f"{self.name}_latest", latest)


class FieldRule(models.CheckConstraint):
    """A check constraint whose message appears at the field it speaks of, and which asks no database about a record."""

    def __init__(self, *, field: str, **kwargs: Any) -> None:
        self.field = field
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        """Raise ValidationError where the record breaks the rule; one about excluded fields is not looked at."""
        condition: Any = self.condition
        left_out = set(exclude or ()) & {self.field, *named(condition)}
        if not left_out and holds(condition, instance) is False:
            raise ValidationError({self.field: self.get_violation_error_message()})


class UniqueRule(models.UniqueConstraint):
    """A uniqueness constraint whose message appears at the field it speaks of."""

    def __init__(self, *expressions: Any, field: str, **kwargs: Any) -> None:
        self.field = field
        super().__init__(*expressions, **kwargs)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        if any(getattr(instance, model._meta.get_field(name).attname) is None for name in self._compared()):
            return  # PostgreSQL knows no type of what is missing, and nothing that is can be the same
        with _Named(self.field, exclude):
            super().validate(model, instance, exclude=exclude, using=using)

    def _compared(self) -> set[str]:
        """The fields whose values its expressions compare."""
        expressions: Iterable[Any] = self.expressions  # whose stubs know neither parts nor names
        parts: list[Any] = [part for expression in expressions for part in expression.flatten()]
        return {str(vars(part)["name"]) for part in parts if isinstance(part, models.F)}


class _Named:
    """Moves a constraint's message from the record as a whole to a field, where the form has that field."""

    def __init__(self, field: str, exclude: Any) -> None:
        self.field = NON_FIELD_ERRORS if field in (exclude or ()) else field

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        if isinstance(error, ValidationError):
            raise ValidationError({self.field: error.messages}) from error
