"""The life of a conflict: it comes and goes with its claims, is decided, re-opened, and derived anew all the same."""

from csv import DictReader, DictWriter
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.choices import Resolution
from claims.models import Claim, Conflict
from claims.services import conflicts
from claims.services.conflicts import keeping
from evidence.choices import Door
from evidence.services.changes import change
from evidence.services.findings import ChangeRefused
from tests.factories import (
    CitationFactory,
    ClaimFactory,
    CompanyFactory,
    ConflictFactory,
    InvestmentFactory,
    PlantFactory,
    PredicateFactory,
    SourceFactory,
)
from tests.factories.base import some_change

pytestmark = pytest.mark.django_db


@pytest.fixture
def capacities() -> list[Claim]:
    """Two capacities of one plant that cannot both be true, and one of another plant."""
    plant, predicate = PlantFactory(slug="candiac"), PredicateFactory(slug="capacity", measured=True)
    claims = [
        ClaimFactory(slug=slug, subject=plant, predicate=predicate, value=value)
        for slug, value in (("fifty", "50 GWh"), ("seventy", "70 GWh"))
    ]
    ClaimFactory(slug="elsewhere", subject=PlantFactory(), predicate=predicate, value="70 GWh")
    return claims


def found() -> Conflict:
    return Conflict.objects.get(kind="found")


def edit(record: Any, **values: Any) -> None:
    with some_change():
        for name, value in values.items():
            setattr(record, name, value)
        record.save()


def decide(conflict: Conflict, user: User, reason: str = "They speak of two lines.") -> None:
    with change(actor=user, door=Door.ADMIN):
        conflicts.resolve(conflict=conflict, resolution=Resolution.BOTH_STAND, reason=reason)


def records() -> list[tuple[Any, ...]]:
    """All that the records of conflicts say."""
    return [
        (*(getattr(row, name) for name in COLUMNS), sorted(row.members.values_list("slug", flat=True)))
        for row in Conflict.objects.order_by("slug")
    ]


COLUMNS = (
    "slug",
    "kind",
    "status",
    "resolution",
    "reason",
    "explanation",
    "positions",
    "fingerprint",
    "within",
    "subject_id",
    "predicate_id",
    "about_id",
)


def test_a_conflict_goes_when_a_claim_is_corrected_rejected_or_deleted(capacities: list[Claim]) -> None:
    assert found().positions == ["fifty", "seventy"]
    edit(capacities[1], value="50.2 GWh")
    assert not Conflict.objects.exists()
    edit(capacities[1], value="70 GWh")
    edit(capacities[0], review="rejected")
    assert not Conflict.objects.exists()
    edit(capacities[0], review="draft")
    assert found().positions == ["fifty", "seventy"]
    with some_change():
        capacities[0].delete()
    assert not Conflict.objects.exists()


def test_what_happens_to_a_conflict_stands_in_its_history_with_the_change_that_did_it(
    capacities: list[Claim], curator: User
) -> None:
    with change(actor=curator, door=Door.ADMIN, reason="typing error") as unit:
        capacities[1].value = "50 GWh"
        capacities[1].save()
    gone, made = Conflict.history.all()[:2]
    assert (gone.history_type, gone.change, gone.change.reason) == ("-", unit.change, "typing error")
    assert (made.history_type, made.positions) == ("+", ["fifty", "seventy"])


def test_a_decision_holds_until_a_member_joins_or_changes(capacities: list[Claim], reviewer: User) -> None:
    decide(found(), reviewer)
    edit(capacities[0], statement="Another wording.")
    assert (found().status, found().reason) == ("resolved", "They speak of two lines.")
    before = found().fingerprint
    third = ClaimFactory(
        subject=capacities[0].subject, predicate=capacities[0].predicate, value="90 GWh", slug="ninety"
    )
    assert (found().status, found().resolution, found().reason) == ("open", "", "")
    assert found().fingerprint != before
    edit(third, review="rejected")
    assert (found().status, found().fingerprint) == ("resolved", before)
    edit(capacities[1], value="71 GWh")
    assert found().status == "open"


def test_a_decision_holds_again_when_the_same_claims_conflict_anew(
    capacities: list[Claim], reviewer: User
) -> None:
    decide(found(), reviewer)
    edit(capacities[1], review="rejected")
    assert not Conflict.objects.exists()
    edit(capacities[1], review="draft")
    assert (found().status, found().resolution) == ("resolved", "both_stand")


def test_a_decision_can_be_taken_back_and_has_to_say_why_it_was_taken(
    capacities: list[Claim], reviewer: User
) -> None:
    with pytest.raises(ValidationError, match="Say why the conflict was decided so"):
        decide(found(), reviewer, reason="")
    decide(found(), reviewer)
    with change(actor=reviewer, door=Door.ADMIN):
        conflicts.reopen(conflict=found(), reason="One line only.")
    assert (found().status, found().reason) == ("open", "One line only.")


def test_a_conflict_keeps_its_decision_when_what_its_slug_is_made_of_is_renamed(
    capacities: list[Claim], reviewer: User
) -> None:
    decide(found(), reviewer)
    edit(capacities[0].subject.leaf, slug="candiac-qc")
    edit(capacities[0].predicate, slug="yearly-capacity")
    assert found().slug.startswith("candiac-qc-yearly-capacity-")
    assert (found().status, found().history.count()) == ("resolved", 4)
    call_command("find_conflicts", check=True)


def test_a_conflict_tells_the_names_that_its_objects_have_now() -> None:
    payer = PredicateFactory(between_entities=True, single_valued=True)
    subject, chem = PlantFactory(), CompanyFactory(slug="chem")
    lg = CompanyFactory(slug="lg", may_be=[chem, CompanyFactory(slug="energy")])
    for company in (lg, CompanyFactory(slug="basf")):
        ClaimFactory(subject=subject, predicate=payer, value="", object=company)
    assert "chem or energy and basf" in found().explanation
    edit(chem, slug="lg-chem")
    assert "energy or lg-chem and basf" in found().explanation
    call_command("find_conflicts", check=True)


def test_no_conflict_is_noted_under_the_slug_of_one_found_between_its_claims(capacities: list[Claim]) -> None:
    slug = found().slug
    edit(capacities[1], value="50 GWh")
    with pytest.raises(ChangeRefused, match="What a rule finds between these claims has this slug"):
        ConflictFactory(slug=slug, members=capacities)


def test_claims_whose_conflict_would_have_the_slug_of_a_noted_one_are_refused_naming_it(
    capacities: list[Claim],
) -> None:
    slug = found().slug
    edit(capacities[1], value="50 GWh")
    ConflictFactory(slug=slug)
    with pytest.raises(ChangeRefused, match=f"“{slug}”, slug: .* note this conflict under another"):
        edit(capacities[1], value="70 GWh")
    assert Claim.objects.get(slug="seventy").value == "50 GWh"


def test_a_noted_conflict_is_re_opened_when_a_member_changes(curator: User) -> None:
    cause, effect, other = (ClaimFactory(slug=slug) for slug in ("cause", "effect", "other"))
    with change(actor=curator, door=Door.ADMIN):
        noted = conflicts.note(claims=[cause, effect], explanation="The cause came after its effect.")
    decide(noted, curator)
    edit(other, value="something else")
    edit(cause, confidence="high")
    noted.refresh_from_db()
    assert (noted.slug, noted.status) == ("the-cause-came-after-its-effect", "resolved")
    assert (noted.positions, noted.within) == (["cause", "effect"], [])
    edit(effect, when="2021")
    noted.refresh_from_db()
    assert (noted.status, noted.resolution) == ("open", "")
    decide(noted, curator)
    edit(cause, review="rejected")
    noted.refresh_from_db()
    assert noted.status == "open"


def test_a_noted_conflict_says_between_which_sources_it_is(curator: User) -> None:
    page, article = SourceFactory(), SourceFactory()
    one, other = ClaimFactory(slug="one"), ClaimFactory(slug="other")
    for claim, source in ((one, page), (other, page), (other, article)):
        CitationFactory(claim=claim, source=source)
    with change(actor=curator, door=Door.ADMIN):
        noted = conflicts.note(claims=[one, other], explanation="They exclude each other.")
        again = conflicts.note(claims=[one, other], explanation="They exclude each other.")
    noted.refresh_from_db()
    assert noted.within == ["one_source"]
    assert again.slug == "they-exclude-each-other-2"


@pytest.mark.parametrize(
    ("column", "value"), [("kind", "noted"), ("explanation", "Otherwise."), ("members", [])]
)
def test_what_follows_from_the_claims_is_not_changed_by_hand(
    column: str, value: Any, capacities: list[Claim], administrator: User
) -> None:
    conflict = found()
    with (
        pytest.raises(ChangeRefused, match="follows from the claims"),
        change(actor=administrator, door=Door.ADMIN),
    ):
        if column == "members":
            conflict.members.add(ClaimFactory())
        else:
            setattr(conflict, column, value)
            conflict.save()
    assert found().positions == ["fifty", "seventy"]


def test_a_found_conflict_neither_comes_nor_goes_by_hand(
    capacities: list[Claim], administrator: User
) -> None:
    with (
        pytest.raises(ChangeRefused, match="resolve it instead of deleting it"),
        change(actor=administrator, door=Door.ADMIN),
    ):
        found().delete()
    with pytest.raises(ChangeRefused, match="leave this row out, or note it under another"):
        ConflictFactory(kind="found", members=[capacities[0], Claim.objects.get(slug="elsewhere")])
    assert found().positions == ["fifty", "seventy"]


def test_a_decision_is_taken_over_with_the_claims_from_an_export(
    capacities: list[Claim], reviewer: User, tmp_path: Any
) -> None:
    decide(found(), reviewer)
    call_command("export_data", tmp_path, verbosity=0)
    said = records()
    with some_change():
        Claim.objects.all().delete()
    assert not Conflict.objects.exists()
    for kind in ("found", "gone"):
        Conflict.history.filter(kind=kind).delete()
    call_command("import_data", tmp_path, commit=True, actor="system", verbosity=0)
    assert [row[:9] for row in records()] == [row[:9] for row in said]
    assert found().status == "resolved"


def test_a_changed_deal_source_name_or_predicate_is_followed() -> None:
    deal = InvestmentFactory(announced="2008-07-15")
    amount = PredicateFactory(value_type="money", single_valued=True, persistence="timeless")
    source = SourceFactory(published="2002-01-02")
    for value in ("€100M", "US$90M"):
        CitationFactory(claim=ClaimFactory(subject=deal, predicate=amount, value=value), source=source)
    assert "2008-07-15" in found().explanation
    edit(deal, announced="")
    assert not Conflict.objects.exists()
    edit(source, published="2008-07-16")
    assert "2008-07-16" in found().explanation
    edit(amount, tolerance="50%")
    assert not Conflict.objects.exists()
    edit(amount, tolerance="", single_valued=False)
    assert not Conflict.objects.exists()
    edit(amount, single_valued=True)
    assert found().status == "open"


def test_deleting_everything_about_a_subject_takes_its_conflicts_along(capacities: list[Claim]) -> None:
    with some_change():
        Claim.objects.filter(subject__slug="candiac").delete()
        capacities[0].subject.leaf.delete()
    assert not Conflict.objects.exists()


def test_claims_in_an_open_conflict_or_refuted_are_contested(capacities: list[Claim], reviewer: User) -> None:
    refuted = ClaimFactory(slug="refuted")
    CitationFactory(claim=refuted, stance="refutes")
    assert set(Claim.objects.contested().values_list("slug", flat=True)) == {"fifty", "seventy", "refuted"}
    assert set(Claim.objects.uncontested().values_list("slug", flat=True)) == {"elsewhere"}
    decide(found(), reviewer)
    assert set(Claim.objects.contested().values_list("slug", flat=True)) == {"refuted"}


@pytest.mark.parametrize("review", ["rejected", "retracted"])
def test_a_noted_conflict_contests_nothing_once_one_of_its_claims_is_given_up(review: str) -> None:
    cause, effect, other = (ClaimFactory(slug=slug) for slug in ("cause", "effect", "other"))
    ConflictFactory(members=[cause, effect, other])
    assert Claim.objects.contested().count() == 3
    edit(cause, review=review)
    assert not Claim.objects.contested().exists()
    assert Claim.objects.uncontested().count() == 3
    edit(cause, review="draft")
    assert Claim.objects.contested().count() == 3


def test_finding_all_anew_gives_the_same_records(
    capacities: list[Claim], reviewer: User, capsys: pytest.CaptureFixture[str]
) -> None:
    decide(found(), reviewer)
    ConflictFactory(members=capacities)
    said = records()
    call_command("find_conflicts", check=True)
    Conflict.members.through._base_manager.all().delete()
    Conflict._base_manager.filter(kind="found")._raw_delete("default")
    with pytest.raises(SystemExit):
        call_command("find_conflicts", check=True)
    assert not Conflict.objects.filter(kind="found").exists()
    Conflict.objects.get().members.through._base_manager.bulk_create(
        Conflict.members.through(conflict=Conflict.objects.get(), claim=claim) for claim in capacities
    )
    call_command("find_conflicts")
    assert records() == said
    assert "2 groups of claims looked at, 1 record written; 1 open conflict." in capsys.readouterr().out
    with pytest.raises(CommandError, match="There is no user “nobody”"):
        call_command("find_conflicts", user="nobody")


def test_finding_all_anew_takes_fewer_groups_at_a_time_where_they_are_large(
    system: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        plant, predicate = PlantFactory(), PredicateFactory(measured=True)
        for value in ("50 GWh", "70 GWh"):
            ClaimFactory(subject=plant, predicate=predicate, value=value)
    monkeypatch.setattr(keeping, "CLAIMS", 5)
    assert [groups for groups, _ in conflicts.rebuild(actor=system)] == [2, 1]
    monkeypatch.setattr(keeping, "CLAIMS", 1)
    assert [groups for groups, _ in conflicts.rebuild(actor=system)] == [1, 1, 1]


def test_saving_a_claim_takes_as_many_queries_whatever_else_there_is(curator: User) -> None:
    def queries() -> int:
        company, predicate = CompanyFactory(), PredicateFactory(measured=True)
        ClaimFactory(subject=company, predicate=predicate, value="50 GWh")
        with (
            CaptureQueriesContext(connection) as captured,
            change(actor=curator, door=Door.ADMIN),
        ):
            ClaimFactory(subject=company, predicate=predicate, value="70 GWh")
        return len(captured)

    queries()  # the first of all also asks for permissions, which are remembered
    few = queries()
    for _ in range(20):
        ClaimFactory()
    assert queries() == few


def decided_sheet(tmp_path: Any, *, without: str = "") -> Any:
    """The sheet of conflicts as exported, with a decision written into it, and a column taken out of it."""
    call_command("export_data", tmp_path, verbosity=0)
    (sheet,) = tmp_path.glob("*conflicts.csv")
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = list(DictReader(file))
    for row in rows:
        row |= {"status": "resolved", "resolution": "both_stand", "reason": "They are two lines."}
        row.pop(without, None)
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return sheet


def bring(path: Any) -> str:
    told = StringIO()
    call_command("import_data", path, commit=True, actor="system", stdout=told)
    return told.getvalue()


def test_a_decision_in_a_sheet_is_about_the_claims_of_its_fingerprint(
    capacities: list[Claim], tmp_path: Any
) -> None:
    sheet = decided_sheet(tmp_path)
    assert "was not taken over" not in bring(sheet)
    assert (found().status, found().reason) == ("resolved", "They are two lines.")
    edit(capacities[1], value="71 GWh")
    said = found().explanation
    told = bring(sheet)
    assert (found().status, found().resolution, found().explanation) == ("open", "", said)
    assert "conflicts.csv:2 status: “resolved” was not taken over: it was decided about other claims" in told
    assert f"than “{found().slug}” has now" in told
    edit(capacities[1], value="70 GWh")
    assert (found().status, found().reason) == ("resolved", "They are two lines.")


def test_an_old_export_does_not_bring_a_decision_back_that_a_joining_claim_undid(
    capacities: list[Claim], reviewer: User, tmp_path: Any
) -> None:
    decide(found(), reviewer)
    call_command("export_data", tmp_path, verbosity=0)
    ClaimFactory(
        slug="ninety", subject=capacities[0].subject, predicate=capacities[0].predicate, value="90 GWh"
    )
    assert found().status == "open"
    told = bring(tmp_path)
    assert (found().status, found().positions) == ("open", ["fifty", "ninety", "seventy"])
    assert "was not taken over" in told
    with some_change():
        Claim.objects.get(slug="ninety").delete()
    assert found().status == "resolved"


def test_a_decision_that_comes_with_a_claim_joining_the_conflict_is_about_those_without_it(
    capacities: list[Claim], tmp_path: Any
) -> None:
    sheet = decided_sheet(tmp_path)
    (claims,) = tmp_path.glob("*claims.csv")
    lines = claims.read_text(encoding="utf-8").splitlines()
    joining = next(line for line in lines if line.startswith("seventy,"))
    claims.write_text(
        "\n".join([*lines, joining.replace("seventy,", "ninety,").replace("70 GWh", "90 GWh")]),
        encoding="utf-8",
    )
    bring(tmp_path)
    assert (found().status, found().positions) == ("open", ["fifty", "ninety", "seventy"])
    bring(sheet)
    assert found().status == "open"


def test_without_a_fingerprint_a_sheet_decides_about_the_claims_as_they_stand(
    capacities: list[Claim], tmp_path: Any
) -> None:
    sheet = decided_sheet(tmp_path, without="fingerprint")
    edit(capacities[1], value="71 GWh")
    bring(sheet)
    assert (found().status, found().reason) == ("resolved", "They are two lines.")


@pytest.mark.parametrize(("value", "status"), [("70 GWh", "resolved"), ("70.0 GWh", "open")])
def test_a_new_ledger_takes_a_decision_over_with_the_claims_it_was_made_about(
    value: str, status: str, capacities: list[Claim], tmp_path: Any
) -> None:
    decided_sheet(tmp_path)
    for claims in tmp_path.glob("*claims.csv"):
        claims.write_text(claims.read_text(encoding="utf-8").replace("70 GWh", value), encoding="utf-8")
    with some_change():
        Claim.objects.all().delete()
    Conflict.history.all().delete()
    bring(tmp_path)
    assert found().status == status


def test_a_noted_conflict_is_decided_together_with_a_change_of_its_members(curator: User) -> None:
    first, second, third = (ClaimFactory() for _ in range(3))
    with change(actor=curator, door=Door.ADMIN):
        noted = conflicts.note(claims=[first, second], explanation="They exclude each other.")
    with change(actor=curator, door=Door.ADMIN):
        conflicts.resolve(conflict=noted, resolution=Resolution.BOTH_STAND, reason="They do not.")
        noted.members.add(third)
    noted.refresh_from_db()
    assert noted.status == "resolved"
    edit(third, value="otherwise")
    noted.refresh_from_db()
    assert noted.status == "open"


def test_rows_of_many_groups_are_taken_over_from_an_export_whatever_lot_they_fall_into(
    capacities: list[Claim], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.services.conflicts.keeping.LOT", 1)
    first = capacities[0]
    other = PredicateFactory(slug="weight", measured=True)
    for subject, predicate in (
        (first.subject, other),
        (PlantFactory(), first.predicate),
        (PlantFactory(), other),
    ):
        for value in ("50 GWh", "70 GWh"):
            ClaimFactory(subject=subject, predicate=predicate, value=value)
    call_command("export_data", tmp_path, verbosity=0)
    said = records()
    assert len(said) == 4
    with some_change():
        Claim.objects.all().delete()
    call_command("import_data", tmp_path, commit=True, actor="system", verbosity=0)
    assert [row[:9] for row in records()] == [row[:9] for row in said]
