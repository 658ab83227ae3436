"""Laws of the verdict on any two claims, whatever they state."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import assume, example, given
from hypothesis import strategies as st

from claims.domain.comparing import Comparison, Statement, Terms, Verdict, compare
from claims.domain.comparing.pairs import contradict
from claims.domain.comparing.sides import MODALITIES, Omitted, statement
from claims.domain.values import Interval, understand
from claims.domain.values.units import unit
from evidence.domain import dates
from tests.claims.domain.comparing.fixed_rates import FixedRates, OneRate

RATES = FixedRates()
HEDGES = ("", "about ", "at least ", "up to ", "exactly ", "over ", "less than ")
UNITS = ("t", "kg", "short ton", "GWh", "GWh/year", "MWh", "patents", "months", "years", "%", "")
CURRENCIES = ("US$", "CAD ", "€", "$", "¥", "JPY ", "C$")
DATES = (
    *(
        "2020",
        "August 2020",
        "10 August 2020",
        "11 August 2020",
        "H1 2020",
        "Q3 2020",
        "since 2020",
        "by 2020",
    ),
    *(
        "2020–2022",
        "circa 2020",
        "2020?",
        "late 2020",
        "before 2020",
        "2019",
        "September",
        "(soon)",
        "2020-08-31",
    ),
)
NAMES = ("basf", "lg-chem", "lg-energy-solution", "basf|lg-chem", "lg-chem|lg-energy-solution")
RATED = ("USD", "CAD")  # the dollars of which FixedRates knows a rate
TIMELESS_MONEY = Terms("money", True, "timeless")
TOLERANCES = ("", "5%", "1", "2 t", "30 days", "a little")

numbers = st.integers(0, 120).map(str) | st.sampled_from(["0.5", "1,000", "999.5", "1.0", "10–20", "60–100"])
hedged = st.builds("{}{}".format, st.sampled_from(HEDGES), numbers)
printed = {
    "quantity": st.builds("{} {}".format, hedged, st.sampled_from(UNITS)).map(str.strip),
    "percent": st.builds("{}%".format, hedged),
    "money": st.builds("{}{}{}".format, st.sampled_from(HEDGES), st.sampled_from(CURRENCIES), numbers),
    "date": st.sampled_from(DATES),
    "code": st.sampled_from(["alliance", "Alliance", "merger"]),
    "entity": st.sampled_from(NAMES),
    "text": st.sampled_from(["clean", "dirty"]),
    "none": st.just(""),
}
types = st.sampled_from(sorted(printed))
rarely = st.sampled_from([False, False, False, True])


@st.composite
def statements(draw: st.DrawFn, value_type: str) -> Statement:
    """A statement as a claim prints it, mostly with few qualifiers, so that many pairs can be held together."""
    side: dict[str, object] = {"value": draw(printed[value_type]), "negated": draw(rarely)}
    qualifiers = {
        "scope": st.sampled_from(["pilot", "mass", "pilot|mass"]),
        "modality": st.sampled_from(MODALITIES),
        "when": st.sampled_from(DATES),
        "published": st.sampled_from(["2020-08-10", "2020-08-11", "2020-08-10|2021"]),
        "object": st.sampled_from(NAMES),
    }
    for key, words in qualifiers.items():
        if draw(rarely) and not (key == "object" and value_type == "entity"):
            side[key] = draw(words)
    side["source"] = draw(st.sampled_from(["", "news", "wire", "news|wire"]))
    side["rated"] = draw(st.sampled_from(["2020", "2020", "2020", ""]))
    return statement(side, Omitted(value_type))


@st.composite
def terms(draw: st.DrawFn, value_type: str) -> Terms:
    persistence = draw(st.sampled_from(["timeless", "lasting", "momentary"]))
    return Terms(value_type, draw(st.booleans()), persistence, draw(st.sampled_from(TOLERANCES)))


@st.composite
def lots(draw: st.DrawFn, number: int) -> tuple[Terms, list[Statement]]:
    """Terms with as many statements of their type."""
    value_type = draw(types)
    return draw(terms(value_type)), [draw(statements(value_type)) for _ in range(number)]


def on(a: Statement, b: Statement, of: Terms) -> Comparison:
    return compare(a, b, of, RATES)


# Of any two


@given(lots(2))
def test_the_order_of_two_claims_does_not_matter(lot: tuple[Terms, list[Statement]]) -> None:
    of, (a, b) = lot
    found, turned = on(a, b, of), on(b, a, of)
    assert (found.verdict, found.of_values) == (turned.verdict, turned.of_values)
    assert (found.separator, found.nearly) == (turned.separator, turned.nearly)
    assert found.sets == turned.turned().sets
    assert bool(found.reading) == bool(turned.reading)


@given(lots(2))
def test_every_verdict_explains_itself_in_one_sentence(lot: tuple[Terms, list[Statement]]) -> None:
    of, (a, b) = lot
    found = on(a, b, of)
    assert found.explanation.endswith(".")
    assert "\n" not in found.explanation and ". " not in found.explanation
    assert bool(found.separator) == (found.verdict is Verdict.SEPARATED)
    assert found.verdict is not Verdict.COMPATIBLE_IF or found.reading
    assert found.verdict is Verdict.SEPARATED or found.conversion in found.explanation


@given(lots(3))
def test_what_states_the_same_gets_the_same_verdict_against_any_third(
    lot: tuple[Terms, list[Statement]],
) -> None:
    of, (a, b, c) = lot
    b = replace(b, scope=a.scope, modality=a.modality, when=a.when, published=a.published, sources=a.sources)
    b = replace(b, rated=a.rated, objects=b.objects if of.value_type == "entity" else a.objects)
    assume(on(a, b, of).verdict is Verdict.EQUAL and on(a, b, of).of_values is Verdict.EQUAL)
    assert on(a, c, of).verdict is on(b, c, of).verdict


@given(lots(1))
def test_a_claim_agrees_with_itself_and_not_with_its_denial(lot: tuple[Terms, list[Statement]]) -> None:
    of, (a,) = lot
    itself = on(a, a, of)
    denied = on(a, replace(a, negated=not a.negated), of)
    assert itself.verdict not in (Verdict.CONFLICTING, Verdict.SEPARATED)
    assert denied.verdict not in (Verdict.EQUAL, Verdict.COMPATIBLE, Verdict.SEPARATED)
    if itself.verdict is Verdict.EQUAL and of.value_type != "text" and len(a.objects) <= 1:
        assert denied.verdict is Verdict.CONFLICTING


@given(lots(2))
def test_two_denials_never_conflict_and_denying_both_sides_keeps_what_is_equal(
    lot: tuple[Terms, list[Statement]],
) -> None:
    of, (a, b) = lot
    plain = on(replace(a, negated=False), replace(b, negated=False), of)
    denied = on(replace(a, negated=True), replace(b, negated=True), of)
    assert denied.of_values is not Verdict.CONFLICTING
    assert (plain.of_values is Verdict.EQUAL) == (denied.of_values is Verdict.EQUAL)


@given(lots(2))
def test_more_values_or_a_wider_tolerance_never_create_a_conflict(lot: tuple[Terms, list[Statement]]) -> None:
    of, (a, b) = lot
    assume(on(a, b, of).verdict is not Verdict.CONFLICTING)
    assert on(a, b, replace(of, single_valued=False)).verdict is not Verdict.CONFLICTING
    if of.tolerance in ("", "5%"):
        assert on(a, b, replace(of, tolerance="10%")).verdict is not Verdict.CONFLICTING


# Widening what one of them states


def widened(value_type: str, narrow: str, wide: str, other: Statement, of: Terms) -> tuple[Verdict, Verdict]:
    sides = (statement({"value": text, "rated": "2020"}, Omitted(value_type)) for text in (narrow, wide))
    before, after = (on(side, other, of).verdict for side in sides)
    return before, after


@given(
    st.data(), st.sampled_from(["about {}", "about exactly {}", "{}+", "up to about {}", "at least about {}"])
)
def test_a_vaguer_number_never_creates_a_conflict(data: st.DataObject, form: str) -> None:
    value_type = data.draw(st.sampled_from(["quantity", "percent", "money"]))
    number = data.draw(st.integers(1, 120))
    measure = data.draw(
        st.sampled_from(["US$ ", "€ ", "$ "] if value_type == "money" else [" t", " kg", " patents"])
    )
    unhedged = f"{measure}{number}" if value_type == "money" else f"{number}{measure}"
    unhedged = f"{number}%" if value_type == "percent" else unhedged
    narrow = f"exactly {unhedged}" if "+" in form or "exactly" in form else unhedged
    wide = form.replace("exactly ", "").format(unhedged)
    other, of = data.draw(statements(value_type)), data.draw(terms(value_type))
    before, after = widened(value_type, narrow, wide, other, of)
    holds = understand(value_type, wide).interval
    inner = understand(value_type, narrow).interval
    assume(holds is not None and inner is not None and holds.holds(inner))
    assert before is Verdict.CONFLICTING or after is not Verdict.CONFLICTING


@given(st.sampled_from(DATES), st.sampled_from(DATES), st.data())
@example("10 August 2020", "circa 2020", None)
def test_a_vaguer_date_never_creates_a_conflict(narrow: str, wide: str, data: st.DataObject | None) -> None:
    inner, outer = dates.read(narrow), dates.read(wide)
    assume(inner.known and outer.known)
    low, high = (outer.earliest, inner.earliest), (inner.latest, outer.latest)
    assume(low[0] is None or (low[1] is not None and low[0] <= low[1]))
    assume(high[1] is None or (high[0] is not None and high[0] <= high[1]))
    if data is None:
        return
    before, after = widened("date", narrow, wide, data.draw(statements("date")), data.draw(terms("date")))
    assert before is Verdict.CONFLICTING or after is not Verdict.CONFLICTING


@given(
    statements("entity"),
    statements("entity"),
    st.sampled_from(["siemens", "basf", "lg-chem"]),
    terms("entity"),
)
def test_another_reading_of_a_name_never_creates_a_conflict(
    a: Statement, b: Statement, further: str, of: Terms
) -> None:
    assume(not a.negated and a.objects.isdisjoint({further}))
    wider = replace(a, objects=a.objects | {further})
    assume(a.objects != b.objects and wider.objects != b.objects)
    assert on(a, b, of).verdict is Verdict.CONFLICTING or on(wider, b, of).verdict is not Verdict.CONFLICTING


@given(st.integers(1, 120), st.sampled_from(["USD", "CAD", "AUD"]), statements("money"), terms("money"))
@example(2, "AUD", statement({"value": "US$0", "rated": "2020"}, Omitted("money")), TIMELESS_MONEY)
def test_a_bare_sign_in_place_of_a_currency_never_creates_a_conflict(
    number: int, code: str, other: Statement, of: Terms
) -> None:
    """Of a currency that cannot be compared, for want of a rate, nothing follows for the sign, which leaves it out."""
    other = replace(other, sources=frozenset({"elsewhere"}))
    before, after = widened("money", f"{code} {number}", f"${number}", other, of)
    if before is not Verdict.NOT_COMPARABLE:
        assert before is Verdict.CONFLICTING or after is not Verdict.CONFLICTING


@given(st.integers(1, 120), statements("money"), terms("money"))
def test_a_bare_sign_conflicts_only_where_every_dollar_of_known_rate_does(
    number: int, other: Statement, of: Terms
) -> None:
    other = replace(other, sources=frozenset({"elsewhere"}), negated=False)
    dollars = (statement({"value": f"{code} {number}", "rated": "2020"}, Omitted("money")) for code in RATED)
    verdicts = {on(dollar, other, of).verdict for dollar in dollars} - {Verdict.NOT_COMPARABLE}
    found = on(statement({"value": f"${number}", "rated": "2020"}, Omitted("money")), other, of).verdict
    assert (found is Verdict.CONFLICTING) == (verdicts == {Verdict.CONFLICTING})


@given(lots(2), st.sampled_from(["September", "(soon)", "(in spring)"]))
def test_a_claim_of_days_that_are_not_known_never_conflicts(
    lot: tuple[Terms, list[Statement]], when: str
) -> None:
    of, (a, b) = lot
    a = replace(a, when=dates.read(when))
    timeless = of.persistence == "timeless"
    found = on(a, b, of)
    assert timeless or found.verdict in (Verdict.NOT_COMPARABLE, Verdict.SEPARATED)
    assert timeless or not found.nearly
    assert not contradict(a, b, of, RATES) or found.verdict is Verdict.CONFLICTING


# There and back


@given(
    st.decimals("0.01", 10**9, places=2),
    st.decimals("0.0001", 2000, places=4),
    st.sampled_from([("CAD", "USD"), ("EUR", "USD"), ("CHF", "JPY")]),
)
def test_an_amount_at_one_rate_is_that_amount_and_no_other(
    amount: Decimal, rate: Decimal, pair: tuple[str, str]
) -> None:
    bought, paid = pair
    of, rates = Terms("money", True, "timeless"), OneRate(rate)
    product = amount * rate
    step = Decimal(1).scaleb(-8)

    def exactly(code: str, number: Decimal) -> Statement:
        return statement({"value": f"exactly {code} {number:f}", "rated": "2020"}, Omitted("money"))

    there = exactly(paid, product)
    assert compare(exactly(bought, amount), there, of, rates).verdict is Verdict.COMPATIBLE
    assert compare(there, exactly(bought, amount), of, rates).verdict is Verdict.COMPATIBLE
    assert (
        compare(exactly(bought, amount), exactly(paid, product + step), of, rates).verdict
        is Verdict.CONFLICTING
    )


@given(st.integers(1, 10**6), st.sampled_from([("t", "kg"), ("GWh", "MWh"), ("years", "months"), ("%", "‰")]))
def test_a_quantity_in_another_unit_is_that_quantity_and_no_other(number: int, pair: tuple[str, str]) -> None:
    coarse, fine = (understand("quantity", f"1 {name}").unit for name in pair)
    times = unit(coarse).factor / unit(fine).factor
    assert times.denominator == 1
    of = Terms("quantity", True, "timeless")
    a, same, more = (
        statement(f"exactly {text}", Omitted("quantity"))
        for text in (f"{number} {coarse}", f"{number * times} {fine}", f"{number * times}.1 {fine}")
    )
    assert on(a, same, of).verdict is on(same, a, of).verdict is Verdict.EQUAL
    assert on(a, more, of).verdict is Verdict.CONFLICTING


# What is shown


@given(
    st.sampled_from(["quantity", "percent", "money"]).flatmap(
        lambda kind: st.tuples(st.just(kind), printed[kind])
    )
)
def test_the_set_that_is_shown_reads_as_the_same_set(given_value: tuple[str, str]) -> None:
    value_type, text = given_value
    read = understand(value_type, text)
    assume(read.interval is not None and len(read.currencies) <= 1)
    assert isinstance(read.interval, Interval)
    shown = on(*[statement(text, Omitted(value_type))] * 2, Terms(value_type, True, "timeless")).sets[0]
    again = understand(value_type, f"exactly {shown}" if read.low == read.high else shown)
    assert (again.interval, again.unit, again.currencies) == (read.interval, read.unit, read.currencies)


@given(st.sampled_from(DATES))
def test_the_date_that_is_shown_reads_as_the_same_days(text: str) -> None:
    of = Terms("date", True, "timeless")
    assume(dates.read(text).known)
    shown = on(*[statement(text, Omitted("date"))] * 2, of).sets[0]
    again, read = dates.read(shown), dates.read(text)
    assert (again.earliest, again.latest) == (read.earliest, read.latest)
