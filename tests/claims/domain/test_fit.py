"""Whether a claim fits its predicate: every branch, with field and message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.choices import EntityType, ValueType
from claims.domain.fit import Stated, Terms, misfits

LABEL = "makes"
PRINTED = ("quantity", "money", "percent", "date", "code", "text")


def terms(
    value_type: str, applies_to: tuple[str, ...] = (), codes: tuple[str, ...] = ("planned", "built")
) -> Terms:
    return Terms(LABEL, applies_to, value_type, codes if value_type == "code" else ())


def stated(subject: str = "company", *, has_object: bool = False, value: str = "", unit: str = "") -> Stated:
    return Stated(subject, has_object, value, unit)


@pytest.mark.parametrize(
    ("allowed", "claim", "found"),
    [
        (terms("text"), stated(value="x"), {}),
        (terms("text"), stated(value="x", has_object=True), {}),
        (terms("text"), stated(), {"value": "“makes” needs a value, as the document prints it."}),
        (terms("text"), stated(value="x", unit="t"), {"unit": "“makes” takes no unit; leave it empty."}),
        (terms("quantity"), stated(value="30+", unit="GWh"), {}),
        (
            terms("quantity"),
            stated(unit="GWh"),
            {"value": "“makes” needs a value, as the document prints it."},
        ),
        (terms("money"), stated(value="$10M"), {}),
        (terms("percent"), stated(value="5", unit="%"), {}),
        (terms("date"), stated(value="2020", unit="d"), {"unit": "“makes” takes no unit; leave it empty."}),
        (terms("code"), stated(value="built"), {}),
        (terms("code"), stated(), {"value": "“makes” needs a value, as the document prints it."}),
        (
            terms("code"),
            stated(value="Built"),
            {"value": "“Built” is none of the words of “makes”: planned, built."},
        ),
        (terms("entity"), stated(has_object=True), {}),
        (terms("entity"), stated(), {"object": "“makes” says something of two entities; name the object."}),
        (
            terms("entity"),
            stated(has_object=True, value="LNMO"),
            {"value": "The object is the value of “makes”; leave the value empty."},
        ),
        (
            terms("entity"),
            stated(value="LNMO"),
            {
                "object": "“makes” says something of two entities; name the object.",
                "value": "The object is the value of “makes”; leave the value empty.",
            },
        ),
        (terms("none"), stated(), {}),
        (terms("none"), stated(has_object=True), {"object": "“makes” takes no object; leave it empty."}),
        (terms("none"), stated(value="yes"), {"value": "“makes” takes no value; leave it empty."}),
        (terms("none"), stated(unit="t"), {"unit": "“makes” takes no unit; leave it empty."}),
        (terms("none", ("company", "plant")), stated("plant"), {}),
        (
            terms("none", ("company", "plant")),
            stated("person"),
            {"predicate": "“makes” is said of company, plant, not of a person; choose another predicate."},
        ),
    ],
    ids=lambda part: str(part)[:60],
)
def test_what_does_not_fit(allowed: Terms, claim: Stated, found: dict[str, str]) -> None:
    assert misfits(allowed, claim) == found


def test_every_type_of_value_is_tried() -> None:
    assert {*PRINTED, "entity", "none"} == set(ValueType.values)


@given(
    st.sampled_from(ValueType.values),
    st.sampled_from(EntityType.values),
    st.booleans(),
    st.sampled_from(["", "built", "5"]),
)
def test_for_every_predicate_some_claim_fits_and_an_empty_claim_fits_only_where_nothing_is_said(
    value_type: str, subject: str, has_object: bool, value: str
) -> None:
    allowed = terms(value_type)
    fitting = stated(
        subject, has_object=value_type == "entity", value="built" if value_type in PRINTED else ""
    )
    assert misfits(allowed, fitting) == {}
    assert (misfits(allowed, stated(subject)) == {}) == (value_type == "none")
    found = misfits(allowed, stated(subject, has_object=has_object, value=value))
    assert found.keys() <= {"object", "value"}
    assert all(message.endswith(".") for message in found.values())
