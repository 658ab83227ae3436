"""Merging: everything that named one record names the other, nothing is lost, and the old slug leads on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from claims.models import (
    Claim,
    Company,
    Conflict,
    Distinction,
    Entity,
    FormerSlug,
    Ownership,
    Position,
)
from claims.services.merging import merge, preview
from evidence.choices import Door
from evidence.models import Change
from evidence.services.changes import change
from evidence.services.findings import ChangeRefused
from evidence.services.references import inward
from evidence.services.undoing import undo
from tests.factories import (
    FACTORY_OF,
    AgreementFactory,
    ClaimFactory,
    CompanyFactory,
    DisconfirmerFactory,
    DistinctionFactory,
    FormerSlugFactory,
    InvestmentFactory,
    OwnershipFactory,
    PatentFactory,
    PersonFactory,
    PlantFactory,
    PositionFactory,
    PredicateFactory,
    QuestionFactory,
    TopicFactory,
)
from tests.factories.base import some_change

pytestmark = pytest.mark.django_db

LEAVES = sorted(Entity.__subclasses__(), key=lambda leaf: leaf.__name__)
WHY = "One company under two spellings."


def merged(actor: User, kept: Any, gone: Any, **choose: str) -> Any:
    with change(actor=actor, door=Door.ADMIN, reason=WHY):
        return merge(kept=kept, gone=gone, choose=choose)


def refusal(actor: User, kept: Any, gone: Any, **choose: str) -> str:
    with pytest.raises(ChangeRefused) as refused:
        merged(actor, kept, gone, **choose)
    assert type(gone)._base_manager.filter(pk=gone.pk).exists()
    return str(refused.value)


@pytest.fixture
def two() -> tuple[Company, Company]:
    """A company, and the same under another spelling."""
    return CompanyFactory(slug="lg-chem", name="LG Chem"), CompanyFactory(
        slug="lg-chem-ltd", name="LG Chem Ltd."
    )


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.__name__)
def test_every_reference_to_a_record_of_any_type_follows_it(leaf: type[Entity], curator: User) -> None:
    kept, gone = FACTORY_OF[leaf].create_batch(2)
    naming = []
    for relation in inward(leaf):
        if relation.related_model is Conflict:
            continue  # those found by rule follow from the claims
        with some_change():
            row = _row_naming(relation, gone)
        naming.append((relation, row.pk))
    assert naming
    merged(curator, kept, gone)
    for relation, row in naming:
        held = relation.related_model._base_manager.filter(**{relation.field.name: kept.pk})
        assert row in held.values_list("pk", flat=True), relation.field
    assert not leaf._base_manager.filter(pk=gone.pk).exists()
    assert FormerSlug.objects.get(slug=gone.slug).entity.pk == kept.pk


def _row_naming(relation: Any, gone: Any) -> Any:
    factory = FACTORY_OF[relation.related_model]
    name = relation.field.name
    return factory(**{name: [gone] if relation.many_to_many else gone})


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.__name__)
def test_the_name_of_the_record_that_goes_is_not_lost(leaf: type[Entity], curator: User) -> None:
    kept, gone = (FACTORY_OF[leaf](name=name) for name in ("One", "The other"))
    stays = merged(curator, kept, gone)
    assert stays.name == "One"
    if hasattr(stays, "aliases"):
        assert stays.aliases == ["The other"]
    else:
        assert stays.notes == "Also recorded as “The other”."


def test_aliases_of_both_are_kept_once_and_the_own_name_is_none_of_them(curator: User) -> None:
    kept = CompanyFactory(name="LG Chem", aliases=["LGC", "엘지화학"])
    gone = CompanyFactory(name="LG Chem Ltd.", aliases=["LG Chem", "LGC", "LG Chemical"])
    assert merged(curator, kept, gone).aliases == ["LGC", "엘지화학", "LG Chemical", "LG Chem Ltd."]


def test_empty_fields_are_filled_several_are_joined_and_what_differs_stays(curator: User) -> None:
    kept = CompanyFactory(country="CA", headquarters="", founded="", tickers=["TSX: NANO"], notes="Checked.")
    gone = CompanyFactory(
        country="US",
        headquarters="Burnaby",
        founded="2011",
        tickers=["OTC: NNOMF", "TSX: NANO"],
        notes="From a list.",
    )
    stays = merged(curator, kept, gone)
    assert (stays.country, stays.headquarters, stays.founded) == ("CA", "Burnaby", "2011")
    assert stays.founded_earliest.year == 2011
    assert stays.tickers == ["TSX: NANO", "OTC: NNOMF"]
    assert stays.notes == "Checked.\n\nFrom a list."


def test_a_choice_takes_a_field_from_the_record_that_goes(curator: User) -> None:
    kept = CompanyFactory(name="Nano One", country="CA", tickers=["A"])
    gone = CompanyFactory(name="Nano One Materials", country="US", tickers=["B"])
    stays = merged(curator, kept, gone, name="gone", country="gone", tickers="kept")
    assert (stays.name, stays.country, stays.tickers) == ("Nano One Materials", "US", ["A"])
    assert stays.aliases == ["Nano One"]


@pytest.mark.parametrize(
    ("choose", "told"),
    [
        ({"colour": "gone"}, "There is no “colour” to choose; there are name, kind,"),
        ({"country": "both"}, "country: “both” is no choice; choose kept or gone."),
        ({"slug": "gone"}, "There is no “slug” to choose"),
    ],
)
def test_a_choice_that_there_is_not_is_refused(
    choose: dict[str, str], told: str, two: tuple[Company, Company], curator: User
) -> None:
    assert told in refusal(curator, *two, **choose)


def test_a_currency_goes_with_its_amount(curator: User) -> None:
    kept, gone = (
        InvestmentFactory(amount="$10M", currency=""),
        InvestmentFactory(amount="C$13M", currency="CAD"),
    )
    stays = merged(curator, kept, gone)
    assert (stays.amount, stays.currency) == ("$10M", "")
    third = InvestmentFactory(amount="C$14M", currency="CAD")
    stays = merged(curator, stays, third, amount="gone")
    assert (stays.amount, stays.currency) == ("C$14M", "CAD")


def test_a_name_that_may_mean_several_makes_no_clear_one_unclear(curator: User) -> None:
    kept, gone = CompanyFactory(), CompanyFactory(may_be=[CompanyFactory(), CompanyFactory()])
    assert merged(curator, kept, gone).may_be.count() == 0


def test_parties_of_both_deals_are_joined_and_one_named_twice_stands_once(
    two: tuple[Company, Company], curator: User
) -> None:
    kept, gone = two
    both, other = AgreementFactory(parties=[kept, gone]), CompanyFactory()
    one, second = AgreementFactory(parties=[kept]), AgreementFactory(parties=[other])
    merged(curator, kept, gone)
    assert list(both.parties.all()) == [kept.entity_ptr]
    merged(curator, one, second)
    assert set(one.parties.values_list("slug", flat=True)) == {"lg-chem", other.slug}


def test_values_that_do_not_go_together_are_refused_at_their_field(curator: User) -> None:
    kept, gone = PlantFactory(opened="2024"), PlantFactory(closed="2020")
    told = refusal(curator, kept, gone)
    assert "closed: “closed” lies before “opened”; correct one of the two dates. Choose otherwise" in told
    assert merged(curator, kept, gone, closed="kept").closed == ""


def test_a_former_slug_leads_to_the_record_that_stays_over_any_number_of_merges(
    two: tuple[Company, Company], curator: User
) -> None:
    kept, gone = two
    third = CompanyFactory(slug="lg-chemical")
    merged(curator, merged(curator, kept, gone), third)
    fourth = CompanyFactory(slug="lg-chem-korea")
    merged(curator, fourth, kept)
    assert {
        slug: row.slug for slug, row in Company.find_former(["lg-chem-ltd", "lg-chem", "lg-chemical"]).items()
    } == {
        "lg-chem-ltd": "lg-chem-korea",
        "lg-chem": "lg-chem-korea",
        "lg-chemical": "lg-chem-korea",
    }
    assert FormerSlug.objects.get(slug="lg-chem").reason == WHY


def test_a_merge_is_one_change_with_its_reason(two: tuple[Company, Company], curator: User) -> None:
    kept, gone = two
    claim = ClaimFactory(subject=gone)
    before = Change.objects.count()
    merged(curator, kept, gone)
    assert Change.objects.count() == before + 1
    done = Change.objects.first()
    for past in (kept.history, claim.history, FormerSlug.history):
        assert past.first().change == done
    last = Company.history.filter(slug="lg-chem-ltd").first()
    assert (last.history_type, last.change, last.name) == ("-", done, "LG Chem Ltd.")


def test_without_a_reason_nothing_is_merged(two: tuple[Company, Company], curator: User) -> None:
    with (
        pytest.raises(ChangeRefused, match="say why they are the same"),
        change(actor=curator, door=Door.ADMIN),
    ):
        merge(kept=two[0], gone=two[1])


def test_outside_a_change_nothing_is_merged(two: tuple[Company, Company]) -> None:
    with pytest.raises(RuntimeError, match="No change is open"):
        merge(kept=two[0], gone=two[1])


def test_records_of_two_types_and_a_record_with_itself_are_not_merged(curator: User) -> None:
    company, plant = CompanyFactory(), PlantFactory()
    assert "is of another type (plant)" in refusal(curator, company, plant)
    assert "It is one record already" in refusal(curator, company, Entity.objects.get(pk=company.pk).leaf)


def owns(kept: Company, gone: Company) -> None:
    OwnershipFactory(owner=kept, owned=gone, slug="share")


def names_it(kept: Company, gone: Company) -> None:
    with some_change():
        kept.may_be.add(gone)


def is_named(kept: Company, gone: Company) -> None:
    with some_change():
        gone.may_be.add(kept)


def judged(kept: Company, gone: Company) -> None:
    DistinctionFactory(entity=gone, other=kept, reason="One is the American branch.")


@pytest.mark.parametrize(
    ("first", "told"),
    [
        (
            owns,
            "“share”: It is between “lg-chem” and “lg-chem-ltd”. Nothing owns itself; name another owner.",
        ),
        (
            names_it,
            "company “lg-chem”, may_be: It names “lg-chem-ltd”; if the two are one, take it out there first.",
        ),
        (is_named, "company “lg-chem-ltd”, may_be: It names “lg-chem”"),
        (
            judged,
            "The two were judged to be different: One is the American branch. Delete that judgement first",
        ),
    ],
)
def test_two_records_that_are_held_apart_are_not_merged(
    first: Callable[[Company, Company], None], told: str, two: tuple[Company, Company], curator: User
) -> None:
    first(*two)
    assert told in refusal(curator, *two)
    assert told in "\n".join(map(str, preview(kept=two[0], gone=two[1]).refused))


def test_positions_that_become_the_same_become_one_with_the_claims_of_both(curator: User) -> None:
    company, one, other = CompanyFactory(), PersonFactory(), PersonFactory()
    said = [ClaimFactory(), ClaimFactory()]
    first = PositionFactory(person=one, company=company, title="CEO", started="2014", claims=said[:1])
    PositionFactory(person=other, company=company, title="CEO", started="2014", claims=said[1:])
    later = PositionFactory(person=other, company=company, title="Chairman")
    merged(curator, one, other)
    assert list(Position.objects.filter(person=one).order_by("pk")) == [first, later]
    assert list(first.claims.order_by("pk")) == said


def test_positions_at_a_company_that_is_merged_become_one_too(
    two: tuple[Company, Company], curator: User
) -> None:
    person = PersonFactory()
    for company in two:
        PositionFactory(person=person, company=company, title="CEO")
    merged(curator, *two)
    assert [row.company for row in person.positions.all()] == [two[0]]


def test_judgements_follow_and_the_same_stands_once(two: tuple[Company, Company], curator: User) -> None:
    third, fourth = CompanyFactory(), CompanyFactory()
    DistinctionFactory(entity=third, other=two[0], reason="Kept.")
    DistinctionFactory(entity=two[1], other=third, reason="Said twice.")
    DistinctionFactory(entity=fourth, other=two[1], reason="Follows.")
    merged(curator, *two)
    assert {(row.entity.slug, row.other.slug, row.reason) for row in Distinction.objects.all()} == {
        (third.slug, "lg-chem", "Kept."),
        (fourth.slug, "lg-chem", "Follows."),
    }


def test_accepted_records_stay_accepted_when_a_reviewer_merges_what_they_name(reviewer: User) -> None:
    kept, gone = CompanyFactory(accepted=True), CompanyFactory(accepted=True)
    claim = ClaimFactory(fact=True, subject=gone)
    by_claim = ClaimFactory(fact=True)
    with some_change():
        citation = by_claim.citations.get()
        citation.attributed_to = gone
        citation.save()
    person = PersonFactory(accepted=True)
    for company in (kept, gone):
        PositionFactory(person=person, company=company, title="CEO", claims=[ClaimFactory()])
    merged(reviewer, kept, gone)
    for record in (claim, by_claim, person):
        record.refresh_from_db()
        assert (record.review, record.edited_by.username) == ("accepted", "system"), record
    kept.refresh_from_db()
    assert (kept.review, kept.edited_by) == ("submitted", reviewer)
    assert claim.history.first().subject_id == kept.pk


def test_a_curator_does_not_merge_what_was_accepted(curator: User) -> None:
    kept, gone = CompanyFactory(accepted=True, slug="kept"), CompanyFactory(accepted=True, slug="gone")
    assert "company “gone”: It was accepted, so that a reviewer has to merge it" in refusal(
        curator, kept, gone
    )


def test_a_curator_does_not_merge_what_accepted_records_name(curator: User) -> None:
    kept, gone = CompanyFactory(accepted=True, slug="kept"), CompanyFactory(slug="gone")
    claim = ClaimFactory(fact=True, slug="says", subject=kept)
    with some_change():
        claim.subject = gone
        claim.save()
    assert "company “kept”: What is merged into it is named by 1 accepted record (says)" in refusal(
        curator, kept, gone
    )


def test_a_curator_merges_a_draft_into_an_accepted_record_which_is_submitted_again(curator: User) -> None:
    kept, gone = CompanyFactory(accepted=True), CompanyFactory()
    ClaimFactory(subject=gone)
    stays = merged(curator, kept, gone)
    stays.refresh_from_db()
    assert stays.review == "submitted"


def test_an_accepted_record_is_not_lost_in_one_that_is_not(reviewer: User) -> None:
    kept, gone = CompanyFactory(slug="kept"), CompanyFactory(accepted=True, slug="gone")
    ClaimFactory(fact=True, slug="says", subject=gone)
    told = refusal(reviewer, kept, gone)
    assert "It is accepted, and “kept” is not (draft); keep the accepted one of the two" in told
    assert "would be named by 1 accepted record (says)" in told


def test_the_parts_of_a_record_move_with_it_and_are_reviewed_with_the_other(reviewer: User) -> None:
    kept, gone = PersonFactory(name="Dan Blondal", accepted=True), PersonFactory(name="Dan Blondal")
    PositionFactory(person=gone)
    merged(reviewer, kept, gone)
    kept.refresh_from_db()
    assert (kept.review, kept.positions.count()) == ("submitted", 1)


def test_owners_of_a_merged_record_follow_by_their_history(
    two: tuple[Company, Company], curator: User
) -> None:
    share = OwnershipFactory(owned=two[1])
    merged(curator, *two)
    assert Ownership.objects.get() == share
    assert [row.owned_id for row in share.history.order_by("history_id")] == [two[1].pk, two[0].pk]


@pytest.fixture
def country() -> Any:
    return PredicateFactory(
        slug="country", coded=True, single_valued=True, persistence="timeless", codes=["a", "b"]
    )


def test_conflicts_follow_from_the_claims_that_come_together(
    two: tuple[Company, Company], country: Any, curator: User
) -> None:
    ClaimFactory(subject=two[0], predicate=country, value="a")
    ClaimFactory(subject=two[1], predicate=country, value="b")
    assert not Conflict.objects.exists()
    merged(curator, *two)
    assert Conflict.objects.get().subject.slug == "lg-chem"


@pytest.mark.parametrize("also", [False, True], ids=["alone", "beside-one-of-the-kept"])
def test_what_was_decided_about_claims_of_the_record_that_goes_is_kept(
    also: bool, two: tuple[Company, Company], country: Any, curator: User
) -> None:
    for value in ("a", "b"):
        ClaimFactory(subject=two[1], predicate=country, value=value)
    conflict = Conflict.objects.get()
    with some_change():
        conflict.status, conflict.resolution, conflict.reason = "resolved", "both_stand", "Two offices."
        conflict.save()
    if also:
        for value in ("a", "b"):
            ClaimFactory(subject=two[0], predicate=country, value=value)
    merged(curator, *two)
    stands = Conflict.objects.get()
    assert stands.subject.slug == "lg-chem" and stands.slug.startswith("lg-chem-country")
    assert stands.members.count() == (4 if also else 2)
    assert stands.status == ("open" if also else "resolved")


def test_two_values_that_were_one_thing_conflict_no_longer(
    two: tuple[Company, Company], curator: User
) -> None:
    partner = PredicateFactory(between_entities=True, single_valued=True, persistence="timeless")
    subject = CompanyFactory()
    for company in two:
        ClaimFactory(subject=subject, predicate=partner, value="", object=company)
    assert Conflict.objects.count() == 1
    merged(curator, *two)
    assert not Conflict.objects.exists()


def test_no_record_takes_a_former_slug(two: tuple[Company, Company], curator: User) -> None:
    merged(curator, *two)
    told = (
        "“lg-chem-ltd” is a former slug of the company “LG Chem” (lg-chem), with which its record was merged"
    )
    with pytest.raises(ChangeRefused, match="is a former slug") as refused:
        PlantFactory(slug="lg-chem-ltd")
    assert told in str(refused.value)
    plant = PlantFactory.build(slug="lg-chem-ltd")
    with pytest.raises(Exception, match="is a former slug of the company") as invalid:
        plant.full_clean()
    assert list(invalid.value.message_dict) == ["slug"]


def test_no_slug_of_a_record_leads_to_another() -> None:
    CompanyFactory(slug="lg-chem", name="LG Chem")
    with pytest.raises(
        ChangeRefused, match="“lg-chem” is the slug of the company “LG Chem”; only one that no"
    ):
        FormerSlugFactory(slug="lg-chem")
    with pytest.raises(Exception, match="Merge the two instead"):
        FormerSlugFactory.build(slug="lg-chem").full_clean()


def test_a_preview_says_what_would_move_differ_and_lead_on(two: tuple[Company, Company]) -> None:
    kept, gone = two
    FormerSlugFactory(slug="lg-chemistry", entity=gone)
    with some_change():
        gone.country, gone.headquarters = "US", "Seoul"
        gone.save()
    ClaimFactory.create_batch(2, subject=gone)
    ClaimFactory(
        subject=kept, object=gone, predicate=PredicateFactory(between_entities=True), value="", slug="both"
    )
    QuestionFactory(about=[gone])
    DisconfirmerFactory(watch_subject=[gone])
    found = preview(kept=kept, gone=gone)
    assert [(one.table, one.field, one.rows) for one in found.moves if one.table != "former slugs"] == [
        ("claims", "subject", 2),
        ("claims", "object", 1),
        ("questions", "about", 1),
        ("disconfirmers", "watch subject", 1),
    ]
    sides = {field.name: (field.kept, field.gone, field.side) for field in found.fields if field.differs}
    assert sides == {
        "name": ("LG Chem", "LG Chem Ltd.", "kept"),
        "country": ("CA", "US", "kept"),
        "headquarters": ("", "Seoul", "gone"),
        "aliases": ("", "LG Chem Ltd.", "both"),
    }
    assert found.slugs == ("lg-chem-ltd", "lg-chemistry")
    assert [claim.slug for claim in found.twice] == ["both"]
    assert found.refused == ()
    assert Claim.objects.filter(subject=gone).count() == 2


def test_many_merges_of_topics_and_patents_keep_what_they_list(curator: User) -> None:
    chemistry, process = TopicFactory(), TopicFactory()
    kept, gone = PatentFactory(technologies=[chemistry]), PatentFactory(technologies=[process])
    merged(curator, kept, gone)
    merged(curator, chemistry, process)
    assert list(kept.technologies.values_list("slug", flat=True)) == [chemistry.slug]


def exported(folder: Path) -> dict[str, bytes]:
    call_command("export_data", folder, verbosity=0)
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.__name__)
def test_undoing_a_merge_gives_back_both_records_of_any_type_and_all_that_named_them(
    leaf: type[Entity], reviewer: User, tmp_path: Path
) -> None:
    kept, gone = FACTORY_OF[leaf].create_batch(2, accepted=True)
    for relation in inward(leaf):
        if relation.related_model is not Conflict:
            for record in (kept, gone):
                with some_change():
                    _row_naming(relation, record)
    before = exported(tmp_path / "before")
    merged(reviewer, kept, gone)
    assert exported(tmp_path / "merged") != before
    undo(undone=Change.objects.order_by("-pk")[0], actor=reviewer, door=Door.ADMIN, reason="They are two.")
    assert exported(tmp_path / "after") == before
    assert Entity.objects.get(slug=gone.slug).pk == gone.pk
    assert leaf.find_former([gone.slug]) == {}


def test_undoing_a_merge_gives_back_parts_conflicts_and_decisions(
    two: tuple[Company, Company], country: Any, curator: User, tmp_path: Path
) -> None:
    person, third = PersonFactory(), CompanyFactory()
    for company in two:
        PositionFactory(person=person, company=company, title="CEO", claims=[ClaimFactory()])
        DistinctionFactory(entity=third, other=company)
        for value in ("a", "b"):
            ClaimFactory(subject=company, predicate=country, value=value)
    with some_change():
        for conflict in Conflict.objects.all():
            conflict.status, conflict.resolution, conflict.reason = "resolved", "both_stand", "Two offices."
            conflict.save()
    before = exported(tmp_path / "before")
    merged(curator, *two)
    undo(undone=Change.objects.order_by("-pk")[0], actor=curator, door=Door.ADMIN, reason="They are two.")
    assert exported(tmp_path / "after") == before
    merged(curator, *two)
    assert Conflict.objects.get().members.count() == 4
