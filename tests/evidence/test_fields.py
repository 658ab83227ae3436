"""What columns with a meaning of their own take and refuse."""

import pytest
from django.core.exceptions import ValidationError

from evidence.fields import CountryField, CurrencyField, LanguageField, LinkField, SlugField


@pytest.mark.parametrize("slug", ["a", "nano-one", "0", "-", "a" * 80])
def test_slugs(slug: str) -> None:
    assert SlugField().clean(slug, None) == slug


@pytest.mark.parametrize("text", ["", "A", "a b", "a_b", "ä", "a" * 81, "a\n", "٣"])
def test_texts_that_are_no_slugs(text: str) -> None:
    with pytest.raises(ValidationError):
        SlugField().clean(text, None)


@pytest.mark.parametrize(
    ("field", "value", "advice"),
    [
        pytest.param(CountryField(), "Canada", "write “CA” for Canada", id="a country by its name"),
        pytest.param(CountryField(), "ca", "write “CA” for Canada", id="a country in small letters"),
        pytest.param(CountryField(), "XX", "“XX” is no ISO 3166 country code", id="no country"),
        pytest.param(CurrencyField(), "$", "“$” is no ISO 4217 currency code", id="a bare dollar"),
        pytest.param(CurrencyField(), "Euro", "write “EUR” for Euro", id="a currency by its name"),
        pytest.param(LanguageField(), "yes", "“yes” is no ", id="a language without a code of two letters"),
        pytest.param(LanguageField(), "English", "write “en” for English", id="a language by its name"),
    ],
)
def test_a_standard_code_is_refused_with_the_one_that_was_meant(
    field: CountryField, value: str, advice: str
) -> None:
    with pytest.raises(ValidationError, match=advice.replace("$", "\\$")):
        field.clean(value, None)


@pytest.mark.parametrize(
    ("field", "value"), [(CountryField(), "KR"), (CurrencyField(), "CAD"), (LanguageField(), "en")]
)
def test_a_standard_code_is_taken_as_it_is(field: CountryField, value: str) -> None:
    assert field.clean(value, None) == value


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "ftp://example.org/", "nanoone.ca", "data:text/html,x"]
)
def test_only_web_addresses_are_links(address: str) -> None:
    with pytest.raises(ValidationError):
        LinkField().clean(address, None)
