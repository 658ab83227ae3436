"""Sheets longer than memory should hold are read, judged and written in lots, with the same result as short ones."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from claims.models import Citation, Claim, Company, Conflict, Premise
from evidence.exchange import directory, plans, writing
from evidence.exchange.rows import Outcome
from evidence.exchange.writing import ImportRefused
from evidence.models import Change, Source
from evidence.services import found, spools, units
from evidence.services.changes import change
from evidence.services.history import history_model
from evidence.services.undoing import undo
from tests.factories import CitationFactory, ClaimFactory, PublisherFactory, SourceFactory
from tests.sheets import bring_in, outcomes, plan_of, sheet, take_out, told

pytestmark = pytest.mark.django_db

CLAIMS = 7


@pytest.fixture(autouse=True)
def short_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every lot hold two rows, so that seven are many."""
    for module, name, size in (
        (found, "PAGE", 2),
        (units, "PAGE", 2),
        (units, "HELD", 1),
        (plans, "LOT", 2),
        (writing, "LOT", 2),
        (directory, "AT_HAND", 2),
        (spools, "HELD", 64),
    ):
        monkeypatch.setattr(module, name, size)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sheets whose rows refer to each other back and forth."""
    sheet(
        tmp_path,
        "03_sources.csv",
        "slug,title,kind,access,part_of,relies_on\n"
        + "".join(f"page-{n},Page {n},web_page,public,page-{n + 1},page-6\n" for n in range(6))
        + "page-6,Page 6,web_page,public,,\n",
    )
    sheet(
        tmp_path,
        "05_companies.csv",
        "slug,name,may_be\n"
        + "".join(f"c{n},Company {n},{'c1|c2' if n == 0 else ''}\n" for n in range(CLAIMS)),
    )
    sheet(
        tmp_path,
        "13_predicates.csv",
        "slug,label,value_type,unit,single_valued,persistence\nmakes,makes,quantity,t,true,timeless\n",
    )
    sheet(
        tmp_path,
        "14_claims.csv",
        "slug,statement,subject,predicate,value,modality\n"
        + "".join(f"k{n},It makes {40 * n} t.,c{n // 2},makes,{40 * n} t,actual\n" for n in range(CLAIMS)),
    )
    sheet(
        tmp_path,
        "15_citations.csv",
        "slug,claim,source,stance\n"
        + "".join(f"r{n},k{CLAIMS - 1 - n},page-{n},supports\n" for n in range(CLAIMS)),
    )
    sheet(
        tmp_path,
        "16_premises.csv",
        "conclusion,premise,role\n" + "".join(f"k{n},k{n + 1},supporting\n" for n in range(CLAIMS - 1)),
    )
    return tmp_path


def test_rows_refer_to_rows_of_any_other_lot(folder: Path, curator: User) -> None:
    bring_in(folder, actor=curator)
    assert dict(Source.objects.values_list("slug", "part_of__slug")) == {
        **{f"page-{n}": f"page-{n + 1}" for n in range(6)},
        "page-6": None,
    }
    assert set(Source.objects.get(slug="page-6").relied_on_by.values_list("slug", flat=True)) == {
        f"page-{n}" for n in range(6)
    }
    assert set(Company.objects.get(slug="c0").may_be.values_list("slug", flat=True)) == {"c1", "c2"}
    assert {one.claim.slug: one.source.slug for one in Citation.objects.all()} == {
        f"k{CLAIMS - 1 - n}": f"page-{n}" for n in range(CLAIMS)
    }
    assert Premise.objects.count() == CLAIMS - 1


def test_all_of_it_is_one_change_with_one_row_of_history_a_record(folder: Path, curator: User) -> None:
    made = bring_in(folder, actor=curator)
    assert Change.objects.get() == made
    for model, number in ((Source, 7), (Company, CLAIMS), (Claim, CLAIMS), (Citation, CLAIMS), (Premise, 6)):
        entries = history_model(model).objects.filter(change=made)
        assert (entries.count(), entries.filter(history_type="+").count()) == (number, number)
    entry = history_model(Source).objects.get(slug="page-0")
    assert [row.to_source.slug for row in entry.relies_on.all()] == ["page-6"]
    assert set(Claim.objects.values_list("edited_by__username", "version")) == {("curator", 1)}


def test_conflicts_between_rows_of_different_lots_are_found(folder: Path, curator: User) -> None:
    bring_in(folder, actor=curator)
    assert {tuple(sorted(one.members.values_list("slug", flat=True))) for one in Conflict.objects.all()} == {
        ("k0", "k1"),
        ("k2", "k3"),
        ("k4", "k5"),
    }


def test_importing_it_again_changes_nothing(folder: Path, curator: User) -> None:
    bring_in(folder, actor=curator)
    assert set(outcomes(plan_of(folder))) == {Outcome.UNCHANGED}
    assert bring_in(folder, actor=curator) is None


def test_undoing_it_leaves_what_was_there_before(folder: Path, curator: User, tmp_path: Path) -> None:
    PublisherFactory(slug="reuters")
    before = take_out(tmp_path / "before")
    made = bring_in(folder, actor=curator)
    assert made is not None
    undo(undone=made, actor=curator, door="admin")
    assert take_out(tmp_path / "after") == before


def test_a_circle_over_many_lots_is_refused(folder: Path, curator: User) -> None:
    sheet(folder, "16_premises.csv", (folder / "16_premises.csv").read_text() + "k6,k0,supporting\n")
    with pytest.raises(ImportRefused, match="This closes a circle"):
        bring_in(folder, actor=curator)
    assert not Claim.objects.exists()


def test_every_fault_of_every_lot_is_told(folder: Path) -> None:
    text = (folder / "14_claims.csv").read_text()
    sheet(
        folder,
        "14_claims.csv",
        text.replace("makes,80 t,actual", "makes,80 t,real").replace("makes,200 t", "eats,200 t"),
    )
    faults = told(plan_of(folder).faults)
    assert [(line, column) for _, line, column, _, _ in faults] == [(4, "modality"), (7, "predicate")]


def test_a_row_that_stands_twice_in_different_lots_is_told_once(tmp_path: Path) -> None:
    rows = "".join(f"c{n},Company\n" for n in (0, 1, 2, 3, 0))
    (fault,) = plan_of(sheet(tmp_path, "companies.csv", f"slug,name\n{rows}")).faults
    assert (fault.line, fault.column) == (6, "slug")
    assert "stands already in companies.csv:2" in fault.message


def test_new_parts_send_every_accepted_record_back_once(curator: User, system: User, tmp_path: Path) -> None:
    source = SourceFactory(slug="page", review="accepted")
    for number in range(CLAIMS):
        claim = ClaimFactory(slug=f"k{number}", review="draft")
        CitationFactory(claim=claim, source=source)
    with change(actor=system, door="command"):
        for claim in Claim.objects.all():
            claim.subject.review = claim.predicate.review = claim.review = "accepted"
            for record in (claim.subject.leaf, claim.predicate, claim):
                record.review = "accepted"
                record.save()
    rows = "".join(f"r{n}-{m},k{n},page,mentions\n" for m in range(2) for n in range(CLAIMS))
    made = bring_in(sheet(tmp_path, "citations.csv", f"slug,claim,source,stance\n{rows}"), actor=curator)
    assert set(Claim.objects.values_list("review", flat=True)) == {"submitted"}
    assert history_model(Claim).objects.filter(change=made).count() == CLAIMS
