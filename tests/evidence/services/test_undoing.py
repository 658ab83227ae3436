"""Undoing a change: all of it comes back, or nothing does and the reasons are named."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from claims.models import Citation, Claim, Company, Conflict
from claims.services import conflicts
from evidence.choices import Door
from evidence.models import Change
from evidence.services.changes import change
from evidence.services.findings import ChangeRefused
from evidence.services.undoing import undo, undone_by
from tests.factories import (
    FACTORY_OF,
    AgreementFactory,
    CitationFactory,
    ClaimFactory,
    CompanyFactory,
    PlantFactory,
    PredicateFactory,
    SourceFactory,
)
from tests.factories.base import some_change

pytestmark = pytest.mark.django_db


def exported(folder: Path) -> dict[str, bytes]:
    call_command("export_data", folder, verbosity=0)
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def last() -> Change:
    return Change.objects.order_by("-pk")[0]


def undo_last(actor: User) -> Change | None:
    return undo(undone=last(), actor=actor, door=Door.ADMIN, reason="A mistake.")


@pytest.mark.parametrize("model", FACTORY_OF, ids=lambda model: model._meta.model_name)
def test_undoing_takes_away_what_a_change_made_of_any_table(model: Any, system: User, tmp_path: Path) -> None:
    SourceFactory(slug="stays")
    before = exported(tmp_path / "before")
    with change(actor=system, door=Door.IMPORT):
        FACTORY_OF[model]()
    undo_last(system)
    assert exported(tmp_path / "after") == before


def test_undoing_gives_back_what_was_changed_and_deleted(system: User, tmp_path: Path) -> None:
    lg, basf = CompanyFactory(slug="lg"), CompanyFactory(slug="basf", aliases=["Badische"])
    deal = AgreementFactory(slug="deal", parties=[lg, basf], announced="2020")
    source = SourceFactory(slug="report", authors=["A", "B"])
    claim = ClaimFactory(slug="claim", subject=lg)
    CitationFactory(slug="place", claim=claim, source=source, via=[SourceFactory(slug="wire")])
    before = exported(tmp_path / "before")
    with change(actor=system, door=Door.IMPORT):
        Citation.objects.get(slug="place").delete()
        claim.delete()
        deal.parties.set([lg])
        deal.announced = "2021"
        deal.save()
        Company.objects.get(slug="basf").delete()
        lg.name = "LG"
        lg.save()
        PlantFactory(operators=[lg])
    undone = last()
    done = undo_last(system)
    assert exported(tmp_path / "after") == before
    assert done is not None and (done.undoes, done.reason) == (undone, "A mistake.")
    assert undone_by(undone) == done


def test_an_undoing_can_be_undone(system: User, tmp_path: Path) -> None:
    with some_change():
        ClaimFactory(slug="claim", value="made", predicate=PredicateFactory(value_type="text"))
    made, after = last(), exported(tmp_path / "made")
    again = undo_last(system)
    assert again is not None
    assert not Claim.objects.exists()
    undo(undone=again, actor=system, door=Door.ADMIN)
    assert exported(tmp_path / "again") == after
    assert undone_by(made) is None


def test_what_was_written_again_since_is_named_and_nothing_is_undone(curator: User, system: User) -> None:
    with change(actor=curator, door=Door.IMPORT):
        first, second = CompanyFactory(slug="first"), CompanyFactory(slug="second")
    imported = last()
    with some_change():
        first.headquarters = "Seoul"
        first.save()
    with pytest.raises(
        ChangeRefused, match=f"“first”: It was written again by .* {last().pk}.; undo that first"
    ):
        undo(undone=imported, actor=system, door=Door.ADMIN)
    assert Company.objects.filter(slug__in=["first", "second"]).count() == 2
    assert second.pk


def test_what_names_a_record_since_that_would_go_is_named(system: User) -> None:
    with some_change():
        lg = CompanyFactory(slug="lg")
    made = last()
    ClaimFactory(slug="about-lg", subject=lg)
    AgreementFactory(slug="deal", parties=[lg])
    with pytest.raises(ChangeRefused) as refused:
        undo(undone=made, actor=system, door=Door.ADMIN)
    (finding,) = refused.value.findings
    assert "claim “about-lg”" in finding.message and "agreement “deal”" in finding.message
    assert "take it out there first" in finding.message


def test_an_accepted_record_that_a_change_sent_back_is_accepted_again(curator: User, reviewer: User) -> None:
    lg = CompanyFactory(slug="lg", accepted=True, headquarters="Seoul")
    with change(actor=curator, door=Door.ADMIN):
        lg.headquarters = "Busan"
        lg.save()
    assert Company.objects.get(slug="lg").review == "submitted"
    undo_last(curator)
    assert (Company.objects.get(slug="lg").review, Company.objects.get(slug="lg").headquarters) == (
        "accepted",
        "Seoul",
    )


def test_nobody_puts_back_what_they_may_not_write(reader: User, system: User) -> None:
    CompanyFactory(slug="lg")
    with pytest.raises(ChangeRefused, match="reader may not delete companies"):
        undo_last(reader)
    assert Company.objects.exists()


def test_found_conflicts_follow_and_a_decision_about_one_is_taken_back(reviewer: User) -> None:
    plant, predicate = PlantFactory(), PredicateFactory(measured=True)
    ClaimFactory(subject=plant, predicate=predicate, value="50 GWh", slug="fifty")
    ClaimFactory(subject=plant, predicate=predicate, value="70 GWh", slug="seventy")
    second = last()
    with change(actor=reviewer, door=Door.ADMIN):
        conflicts.resolve(conflict=Conflict.objects.get(), resolution="both_stand", reason="Two lines.")
    assert Conflict.objects.get().status == "resolved"
    undo_last(reviewer)
    assert (Conflict.objects.get().status, Conflict.objects.get().reason) == ("open", "")
    undo(undone=second, actor=reviewer, door=Door.ADMIN)
    assert not Conflict.objects.exists()


def test_the_page_of_a_change_offers_to_undo_it_and_says_what_undid_it(curator: User, client: Client) -> None:
    client.force_login(curator)
    with change(actor=curator, door=Door.IMPORT):
        CompanyFactory(slug="lg")
    made = last()
    page = reverse("admin:evidence_change_change", args=[made.pk])
    assert "Undo this change" in client.get(page).content.decode()
    answer = client.post(
        reverse("admin:evidence_change_undo", args=[made.pk]), {"reason": "Twice."}, follow=True
    )
    assert f"Change {made.pk} is undone." in answer.content.decode()
    assert f'It undid <a href="{page}">' in answer.content.decode()
    assert "It was undone by" in client.get(page).content.decode()
    assert not Company.objects.exists()
    answer = client.post(reverse("admin:evidence_change_undo", args=[made.pk]), follow=True)
    assert "Nothing was undone." in answer.content.decode()


def test_readers_are_not_offered_to_undo(reader: User, client: Client) -> None:
    CompanyFactory()
    client.force_login(reader)
    assert (
        "Undo this change"
        not in client.get(reverse("admin:evidence_change_change", args=[last().pk])).content.decode()
    )
    assert client.post(reverse("admin:evidence_change_undo", args=[last().pk])).status_code == 403


def test_a_change_is_undone_by_command(curator: User, capsys: pytest.CaptureFixture[str]) -> None:
    with change(actor=curator, door=Door.IMPORT):
        CompanyFactory(slug="lg")
    made = last()
    call_command("undo_change", made.pk, actor="curator")
    assert f"Change {made.pk} is undone by change {last().pk}." in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("undo_change", made.pk, actor="curator")
    assert "nothing was undone" in capsys.readouterr().err
    with pytest.raises(CommandError, match="There is no change 0"):
        call_command("undo_change", 0, actor="curator")


def test_a_source_that_another_relies_on_is_not_deleted(curator: User) -> None:
    wire = SourceFactory(slug="wire")
    SourceFactory(slug="report", relies_on=[wire])
    with (
        pytest.raises(ChangeRefused, match="still named by source “report”"),
        change(actor=curator, door=Door.ADMIN),
    ):
        wire.delete()
