"""Rules over several rows: grounds, fit, circles, shares, conflicts. Each refusal names record, field and way out."""

import itertools
from contextlib import nullcontext
from typing import Any

import pytest
from django.contrib.auth.models import User

from claims.models import Citation, Claim, Ownership, Predicate, Premise
from evidence.choices import Door
from evidence.services.changes import change
from evidence.services.findings import ChangeRefused, Finding
from tests.factories import (
    CitationFactory,
    ClaimFactory,
    CompanyFactory,
    ConflictFactory,
    OwnershipFactory,
    PersonFactory,
    PredicateFactory,
    PremiseFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db


class Refusal:
    """What a change was refused for."""

    def __init__(self, actor: User) -> None:
        self.opened = change(actor=actor, door=Door.ADMIN, reason="tried")
        self.findings: tuple[Finding, ...] = ()

    def __enter__(self) -> "Refusal":
        self.opened.__enter__()
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        with pytest.raises(ChangeRefused) as refused:
            if not self.opened.__exit__(kind, error, trace):
                raise error or AssertionError("The change went through.")
        self.findings = refused.value.findings
        return True

    @property
    def said(self) -> list[tuple[str, str, str]]:
        """Record, field and message of each finding."""
        return [(finding.record.key, finding.field, finding.message) for finding in self.findings]


FACT_NEEDS = "An accepted fact needs a supporting citation; add one, or take the claim back first."
INFERENCE_NEEDS = "An accepted inference needs premises and reasoning, or a supporting citation; add them."


def test_a_fact_is_not_accepted_without_a_citation(reviewer: User, system: User) -> None:
    claim = ClaimFactory(
        submitted=True, basis="fact", subject__accepted=True, predicate__accepted=True, slug="built"
    )
    for actor in (reviewer, system):
        with Refusal(actor) as refusal:
            claim.review = "accepted"
            claim.save()
        assert refusal.said == [("built", "", FACT_NEEDS)]
    assert Claim.objects.get().review == "submitted"


@pytest.mark.parametrize("stance", ["refutes", "mentions"])
def test_only_a_supporting_citation_grounds_a_fact(stance: str, reviewer: User) -> None:
    claim = ClaimFactory(submitted=True, basis="fact", subject__accepted=True, predicate__accepted=True)
    CitationFactory(claim=claim, stance=stance, source__accepted=True)
    with Refusal(reviewer) as refusal:
        claim.review = "accepted"
        claim.save()
    assert refusal.said == [(claim.slug, "", FACT_NEEDS)]


def test_an_accepted_fact_and_its_citation_enter_together(system: User) -> None:
    ClaimFactory(fact=True)
    assert Claim.objects.get().citations.get().stance == "supports"
    assert Claim.history.get().change == Citation.history.get().change


LAST_CITATION_GONE = {
    "deleted": lambda citation: citation.delete(),
    "deleted with others": lambda citation: Citation.objects.filter(pk=citation.pk).delete(),
    "deleted through its source's citations": lambda citation: citation.source.citations.all().delete(),
    "turned into a mention": lambda citation: restate(citation, "mentions"),
    "turned into a refutation": lambda citation: restate(citation, "refutes"),
}


def restate(citation: Citation, stance: str) -> None:
    citation.stance = stance
    citation.save()


@pytest.mark.parametrize("role", ["curator", "reviewer", "system"])
@pytest.mark.parametrize("remove", LAST_CITATION_GONE.values(), ids=LAST_CITATION_GONE.keys())
def test_an_accepted_fact_keeps_its_last_citation(
    remove: Any, role: str, request: pytest.FixtureRequest
) -> None:
    claim = ClaimFactory(fact=True, slug="built")
    with Refusal(request.getfixturevalue(role)) as refusal:
        remove(claim.citations.get())
    assert refusal.said == [("built", "", FACT_NEEDS)]
    assert Citation.objects.get().stance == "supports"
    assert Claim.history.count() == 1


def test_a_citation_of_several_can_go(curator: User) -> None:
    claim = ClaimFactory(fact=True)
    CitationFactory(claim=claim, source=SourceFactory(accepted=True))
    with change(actor=curator, door=Door.ADMIN):
        claim.citations.first().delete()
    assert claim.citations.count() == 1


def test_a_citation_does_not_move_to_another_claim(curator: User) -> None:
    claim, other = ClaimFactory(fact=True), ClaimFactory()
    citation = claim.citations.get()
    with Refusal(curator) as refusal:
        citation.claim = other
        citation.save()
    moved = (citation.slug, "claim", "A part stays with its record; delete it here and add it there.")
    assert moved in refusal.said
    assert claim.citations.exists()


def test_a_claim_taken_back_may_lose_its_citation(curator: User, reviewer: User) -> None:
    claim = ClaimFactory(fact=True)
    with change(actor=reviewer, door=Door.ADMIN, reason="forged"):
        claim.review = "retracted"
        claim.save()
    with change(actor=curator, door=Door.ADMIN):
        claim.citations.get().delete()
    assert not Citation.objects.exists()


def test_deleting_a_claim_deletes_its_citations_and_premises(curator: User) -> None:
    claim = ClaimFactory()
    CitationFactory(claim=claim)
    PremiseFactory(conclusion=claim)
    with change(actor=curator, door=Door.ADMIN):
        claim.delete()
    assert not Citation.objects.exists()
    assert not Premise.objects.exists()
    assert Citation.history.filter(history_type="-").count() == 1


@pytest.mark.parametrize(
    ("premised", "reasoning", "field"),
    [(False, "", ""), (False, "It follows.", ""), (True, "", "reasoning")],
    ids=["nothing", "reasoning alone", "premises alone"],
)
def test_an_inference_needs_premises_and_reasoning(
    premised: bool, reasoning: str, field: str, reviewer: User
) -> None:
    claim = ClaimFactory(
        submitted=True, reasoning=reasoning, subject__accepted=True, predicate__accepted=True
    )
    if premised:
        PremiseFactory(conclusion=claim, premise=ClaimFactory(fact=True))
    with Refusal(reviewer) as refusal:
        claim.review = "accepted"
        claim.save()
    assert refusal.said == [(claim.slug, field, INFERENCE_NEEDS)]


@pytest.mark.parametrize("ground", ["premises and reasoning", "a citation"])
def test_an_inference_with_grounds_is_accepted(ground: str, reviewer: User) -> None:
    claim = ClaimFactory(
        submitted=True, reasoning="It follows.", subject__accepted=True, predicate__accepted=True
    )
    if ground == "a citation":
        CitationFactory(claim=claim, source__accepted=True)
    else:
        PremiseFactory(conclusion=claim, premise=ClaimFactory(fact=True))
    with change(actor=reviewer, door=Door.ADMIN):
        claim.review = "accepted"
        claim.save()
    assert Claim.objects.get(pk=claim.pk).review == "accepted"


def test_an_accepted_inference_keeps_its_last_premise(curator: User) -> None:
    claim = ClaimFactory(
        submitted=True, reasoning="It follows.", subject__accepted=True, predicate__accepted=True
    )
    premise = PremiseFactory(conclusion=claim, premise=ClaimFactory(fact=True))
    with change(actor=User.objects.get(username="system"), door=Door.ADMIN):
        claim.review = "accepted"
        claim.save()
    with Refusal(curator) as refusal:
        premise.delete()
    assert refusal.said == [(claim.slug, "", INFERENCE_NEEDS)]
    assert Premise.objects.exists()


def test_a_claim_that_does_not_fit_its_predicate_is_refused_by_every_door(curator: User) -> None:
    subject, predicate = CompanyFactory(), PredicateFactory(label="was built", applies_to=["plant"])
    with Refusal(curator) as refusal:
        ClaimFactory(slug="built", subject=subject, predicate=predicate, value="", unit="t")
    assert refusal.said == [
        ("built", "predicate", "“was built” is said of plant, not of a company; choose another predicate."),
        ("built", "value", "“was built” needs a value, as the document prints it."),
        ("built", "unit", "“was built” takes no unit; leave it empty."),
    ]


def test_a_predicate_is_not_narrowed_under_its_claims(curator: User) -> None:
    predicate = PredicateFactory(label="makes", slug="makes")
    ClaimFactory(predicate=predicate, slug="by-company")
    ClaimFactory(predicate=predicate, slug="by-person", subject=PersonFactory())
    with Refusal(curator) as refusal:
        predicate.applies_to = ["company"]
        predicate.save()
    said = "These claims would no longer fit: by-person; change them first."
    assert refusal.said == [("makes", "", said)]
    assert Predicate.objects.get().applies_to == []


def test_a_narrowed_predicate_names_ten_claims_and_counts_the_rest(curator: User) -> None:
    predicate, subject = PredicateFactory(), CompanyFactory()
    ClaimFactory.create_batch(12, predicate=predicate, subject=subject)
    with Refusal(curator) as refusal:
        predicate.value_type = "none"
        predicate.save()
    ((_, _, message),) = refusal.said
    assert message.count(",") == 9
    assert message.endswith(" and 2 more; change them first.")


def test_a_predicate_and_its_claims_change_together(curator: User) -> None:
    claim = ClaimFactory(value="built")
    with change(actor=curator, door=Door.ADMIN):
        predicate = claim.predicate
        predicate.value_type, predicate.codes = "code", ["built"]
        predicate.save()
    with Refusal(curator) as refusal:
        predicate.codes = ["planned"]
        predicate.save()
    assert refusal.said == [
        (predicate.slug, "", f"These claims would no longer fit: {claim.slug}; change them first.")
    ]
    with change(actor=curator, door=Door.ADMIN):
        predicate.save()
        claim.value = "planned"
        claim.save()
    assert Predicate.objects.get().codes == ["planned"]


@pytest.mark.parametrize("steps", [2, 3, 5])
def test_premises_that_lead_back_are_refused_with_their_circle(steps: int, curator: User) -> None:
    claims = [ClaimFactory(slug=f"step-{number}") for number in range(steps)]
    for conclusion, premise in itertools.pairwise(claims):
        PremiseFactory(conclusion=conclusion, premise=premise)
    with Refusal(curator) as refusal:
        Premise(conclusion=claims[-1], premise=claims[0], role="supporting").save()
    ((key, field, message),) = refusal.said
    assert (key, field) == (f"step-{steps - 1}+step-0", "premise")
    circle = " → ".join([claims[-1].slug, *(claim.slug for claim in claims)])
    assert message == f"This closes a circle: {circle}; leave one of these links out."
    assert Premise.objects.count() == steps - 1


def test_a_circle_of_premises_entered_in_one_change_is_refused(curator: User) -> None:
    one, other = ClaimFactory.create_batch(2)
    with Refusal(curator) as refusal:
        PremiseFactory(conclusion=one, premise=other)
        PremiseFactory(conclusion=other, premise=one)
    assert "This closes a circle" in refusal.said[0][2]
    assert not Premise.objects.exists()


def test_premises_may_meet_without_a_circle(curator: User) -> None:
    top, left, right, bottom = ClaimFactory.create_batch(4)
    with change(actor=curator, door=Door.ADMIN):
        for conclusion, premise in [(top, left), (top, right), (left, bottom), (right, bottom)]:
            PremiseFactory(conclusion=conclusion, premise=premise)
    assert Premise.objects.count() == 4


@pytest.mark.parametrize("field", ["originates_from", "part_of"])
@pytest.mark.parametrize("steps", [2, 4])
def test_sources_that_lead_back_to_themselves_are_refused(field: str, steps: int, curator: User) -> None:
    sources = [SourceFactory(slug=f"copy-{number}") for number in range(steps)]
    with change(actor=curator, door=Door.ADMIN):
        for source, origin in itertools.pairwise(sources):
            setattr(source, field, origin)
            source.save()
    with Refusal(curator) as refusal:
        setattr(sources[-1], field, sources[0])
        sources[-1].save()
    ((key, named, message),) = refusal.said
    assert (key, named) == (sources[-1].slug, field)
    assert message.startswith(f"This closes a circle: copy-{steps - 1} → copy-0 → ")


@pytest.mark.parametrize("stake", ["", "51%", "100"], ids=["not stated", "majority", "all"])
def test_a_circle_of_parents_is_refused(stake: str, curator: User) -> None:
    parent, child, grandchild = (CompanyFactory(slug=slug) for slug in ("parent", "child", "grandchild"))
    OwnershipFactory(owner=parent, owned=child, stake_percent=stake)
    OwnershipFactory(owner=child, owned=grandchild, stake_percent=stake)
    with Refusal(curator) as refusal:
        OwnershipFactory(owner=grandchild, owned=parent, stake_percent=stake, slug="back")
    assert refusal.said == [
        (
            "back",
            "owner",
            "This closes a circle: parent → grandchild → child → parent; leave one of these links out.",
        )
    ]


@pytest.mark.parametrize(
    "back", [{"stake_percent": "4.9%"}, {"ended": "2020"}, {"stake_percent": "over 4%"}], ids=str
)
def test_small_or_ended_holdings_in_each_other_are_no_circle(back: dict[str, str], curator: User) -> None:
    one, other = CompanyFactory.create_batch(2)
    OwnershipFactory(owner=one, owned=other, stake_percent="")
    with change(actor=curator, door=Door.ADMIN):
        OwnershipFactory(owner=other, owned=one, **({"stake_percent": ""} | back))
    assert Ownership.objects.count() == 2


def test_shares_above_the_whole_are_refused_with_their_owners(curator: User) -> None:
    owned = CompanyFactory()
    OwnershipFactory(owner=CompanyFactory(name="LG"), owned=owned, stake_percent="60%")
    OwnershipFactory(owner=CompanyFactory(name="GM"), owned=owned, stake_percent="40 percent")
    with Refusal(curator) as refusal:
        OwnershipFactory(slug="third", owner=CompanyFactory(name="BASF"), owned=owned, stake_percent="0.1%")
    assert refusal.said == [
        (
            "third",
            "stake_percent",
            "The shares add up to 100.1 %: LG 60 %, GM 40 %, BASF 0.1 %; correct one, or its dates.",
        )
    ]


@pytest.mark.parametrize(
    "third", [{"stake_percent": "about 10%"}, {"ended": "2020"}, {"stake_percent": ""}], ids=str
)
def test_shares_that_are_not_plain_or_have_ended_are_not_added(third: dict[str, str], curator: User) -> None:
    owned = CompanyFactory()
    OwnershipFactory(owned=owned, stake_percent="60")
    OwnershipFactory(owned=owned, stake_percent="40")
    with change(actor=curator, door=Door.ADMIN):
        OwnershipFactory(owned=owned, **({"stake_percent": "10%"} | third))
    assert Ownership.objects.count() == 3


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        pytest.param(
            {"started": "2020"}, {"started": "2021", "ended": "2023"}, True, id="one inside the other"
        ),
        pytest.param(
            {"started": "2020", "ended": "2099"}, {"started": "2021", "ended": "2099"}, True, id="to end"
        ),
        pytest.param(
            {"started": "2020", "ended": "2021-03"}, {"started": "2021-04"}, False, id="one after the other"
        ),
        pytest.param(
            {"started": "2020", "ended": "2021"}, {"started": "2021"}, False, id="perhaps one after the other"
        ),
        pytest.param({}, {"started": "2021"}, True, id="both hold now"),
        pytest.param({}, {"started": "2021", "ended": "2022"}, False, id="perhaps never together"),
    ],
)
def test_shares_are_added_for_days_on_which_both_are_certainly_held(
    first: dict[str, str], second: dict[str, str], refused: bool, curator: User
) -> None:
    owned = CompanyFactory()
    OwnershipFactory(owned=owned, stake_percent="60%", **first)
    refusal = pytest.raises(ChangeRefused, match="add up to 110 %") if refused else nullcontext()
    with refusal, change(actor=curator, door=Door.ADMIN):
        OwnershipFactory(owned=owned, stake_percent="50%", **second)


def test_parents_of_each_other_at_different_times_are_no_circle_but_at_one_time_they_are(
    curator: User,
) -> None:
    one, other = CompanyFactory.create_batch(2)
    OwnershipFactory(owner=one, owned=other, stake_percent="70%", started="2015", ended="2019")
    with change(actor=curator, door=Door.ADMIN):
        OwnershipFactory(owner=other, owned=one, stake_percent="60%", started="2020", ended="2030")
    with Refusal(curator) as refusal:
        OwnershipFactory(owner=one, owned=other, stake_percent="70%", started="2022", slug="back-again")
    assert [field for _, field, _ in refusal.said] == ["owner"]
    assert f"{other.slug} → {one.slug} → {other.slug}" in refusal.said[0][2]


def test_a_source_does_not_rely_on_itself(curator: User) -> None:
    source = SourceFactory(slug="alone")
    with Refusal(curator) as refusal:
        source.relies_on.add(source)
    assert refusal.said == [("alone", "relies_on", "A record does not name itself here; take it out.")]


@pytest.mark.parametrize("members", [0, 1])
def test_a_conflict_needs_two_claims(members: int, curator: User) -> None:
    with Refusal(curator) as refusal:
        ConflictFactory(slug="alone", members=ClaimFactory.create_batch(members))
    assert refusal.said == [("alone", "members", "A conflict is between claims; name at least two.")]
