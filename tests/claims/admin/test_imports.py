"""Importing in the browser: upload or paste, see everything at once, confirm that, find it on record."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from claims.models import Person
from evidence.models import ImportBatch
from tests.factories import PersonFactory
from tests.uploads import NEW, confirm, desk_of, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(curator: User) -> Client:
    return desk_of(curator)


def test_a_sheet_is_uploaded_looked_at_and_confirmed(desk: Client, curator: User) -> None:
    PersonFactory(slug="lee", name="Leigh")
    page = upload(desk, "slug,name\ndan,Dan\nlee,Lee\n", reason="From the list of speakers.")
    assert "Nothing is written yet" in page
    assert "1 create, 1 update, 0 unchanged, 0 rejected" in page
    assert "<del>Leigh</del> <ins>Lee</ins>" in page
    assert "Write 2 rows" in page
    assert Person.objects.count() == 1
    page = confirm(desk)
    assert "<h2>Written</h2>" in page
    change = ImportBatch.objects.get().change
    assert change is not None
    assert (change.actor, change.reason) == (curator, "From the list of speakers.")
    assert (
        f'<a href="{reverse("admin:evidence_change_change", args=[change.pk])}">Change {change.pk}</a>'
        in page
    )
    assert confirm(desk).count("<h2>Written</h2>") == 1
    assert set(Person.objects.values_list("name", flat=True)) == {"Dan", "Lee"}


def test_every_reason_is_listed_with_row_column_value_and_the_way_out(desk: Client) -> None:
    page = upload(desk, "slug,name,review\ndan,,draft\nlee,Lee,drafd\nng,Ng,draft\n")
    assert "<td>people.csv</td><td>2</td><td>name</td><td></td><td>“name” is not stated" in page
    assert (
        "<td>3</td><td>review</td><td>drafd</td><td>“drafd” is not a code of this column; did you mean “draft”?"
        in page
    )
    assert "The 2 rejected rows will be left out." in page
    assert "Write the 1 right row, without those" in page
    key = ImportBatch.objects.get().pk
    answer = desk.get(reverse("admin:evidence_importbatch_refused", args=[key]))
    assert answer["Content-Disposition"] == 'attachment; filename="people.csv"'
    assert answer.content.decode().splitlines()[0] == "slug,name,review,reasons"
    confirm(desk)
    assert list(Person.objects.values_list("slug", flat=True)) == ["ng"]


def test_rows_are_pasted_as_well(desk: Client) -> None:
    given = {"pasted": "slug\tname\ndan\tDan, Dr\n", "table": "people", "empty": "keep"}
    page = desk.post(reverse(NEW), given, follow=True).content.decode()
    assert "1 create" in page
    for wrong, said in (({}, "Choose a file, or paste rows"), ({"pasted": "a"}, "Say which table")):
        assert said in desk.post(reverse(NEW), {"empty": "keep", **wrong}).content.decode()


def test_a_column_that_no_table_has_can_be_left_out_by_choice(desk: Client) -> None:
    page = upload(desk, "slug,name,Shoe size\ndan,Dan,44\n")
    assert "It cannot be written as it is" in page
    assert f"{reverse(NEW)}?ignored=Shoe%20size" in page
    form = desk.get(reverse(NEW), {"ignored": "Shoe size"}).content.decode()
    assert '<input type="hidden" name="ignored" value="Shoe size">' in form
    assert "Write 1 row" in upload(desk, "slug,name,Shoe size\ndan,Dan,44\n", ignored="Shoe size")


def test_what_changed_since_the_preview_is_named_and_shown_anew(desk: Client) -> None:
    upload(desk, "slug,name\ndan,Dan\n")
    PersonFactory(slug="dan", name="Daniel")
    page = confirm(desk)
    assert "Somebody added this slug since the import was read" in page
    assert "Nothing was written." in page
    assert "0 create, 1 update" in page
    assert Person.objects.get().name == "Daniel"


def test_a_preview_stays_small_whatever_is_uploaded(desk: Client) -> None:
    rows = "".join(f"person-{number},{'x' * 2000},drafd\n" for number in range(3000))
    page = upload(desk, f"slug,name,review\n{rows}")
    assert len(page) < 300_000
    assert "And 2500 more; all of them stand beside the rejected rows" in page
    assert "And 2800 more rows, counted above." in page


def test_cells_are_shown_as_text_whatever_they_hold(desk: Client) -> None:
    page = upload(desk, "slug,name\n<script>alert(1)</script>,<b>Dan</b>\n")
    assert "<script>alert(1)</script>" not in page and "<b>Dan</b>" not in page


def test_somebody_else_neither_confirms_nor_reads_an_upload(desk: Client, reviewer: User) -> None:
    upload(desk, "slug,name\ndan,Secret name\n")
    key = ImportBatch.objects.get().pk
    other = Client()
    other.force_login(reviewer)
    page = other.get(reverse("admin:evidence_importbatch_change", args=[key])).content.decode()
    assert "Secret name" not in page and "Write 1 row" not in page
    answer = other.post(reverse("admin:evidence_importbatch_confirm", args=[key]), follow=True)
    assert "Only who uploaded an import may confirm it" in answer.content.decode()
    assert other.get(reverse("admin:evidence_importbatch_refused", args=[key])).status_code == 403
    assert not Person.objects.exists()


def test_readers_are_offered_no_import_and_may_not(reader: User, desk: Client) -> None:
    client = Client()
    client.force_login(reader)
    people = reverse("admin:claims_person_changelist")
    assert reverse(NEW) not in client.get(people).content.decode()
    assert f"{reverse(NEW)}?table=people" in desk.get(people).content.decode()
    assert client.get(reverse(NEW)).status_code == 403
    assert (
        client.post(reverse(NEW), {"pasted": "slug", "table": "people", "empty": "keep"}).status_code == 403
    )


def test_imports_are_on_record(desk: Client) -> None:
    upload(desk, "slug,name\ndan,Dan\n")
    confirm(desk)
    page = desk.get(reverse("admin:evidence_importbatch_changelist")).content.decode()
    assert "people.csv" in page and "Written" in page


def test_rejected_rows_of_several_tables_are_downloaded_as_an_archive_as_they_were_given(
    desk: Client,
) -> None:
    out = BytesIO()
    with ZipFile(out, "w") as folder:
        folder.writestr("people.csv", "slug,name,review\ndan,Da\x07n,draft\nlee,Lee,draft\n")
        folder.writestr("companies.csv", "slug,name,review,reasons\nlg,=LG,drafd,of last time\n")
    file = SimpleUploadedFile("all.zip", out.getvalue())
    desk.post(reverse(NEW), {"file": file, "table": "", "empty": "keep"})
    batch = ImportBatch.objects.get()
    assert (batch.created, batch.rejected) == (1, 2)
    answer = desk.get(reverse("admin:evidence_importbatch_refused", args=[batch.pk]))
    folder = ZipFile(BytesIO(answer.content))
    assert folder.namelist() == ["companies.csv", "people.csv"]
    said = "review: “drafd” is not a code of this column; did you mean “draft”?"
    assert folder.read("companies.csv").decode() == f"slug,name,review,reasons\nlg,'=LG,drafd,{said}\n"
    assert (
        folder.read("people.csv")
        .decode()
        .startswith("slug,name,review,reasons\ndan,Da\x07n,draft,name: Character 3")
    )


@pytest.mark.parametrize("name", [".csv", f"{'電池' * 120}.csv", "a/b\\c.csv", "=1+1.csv", "<b>.csv"])
def test_a_file_may_have_any_name(name: str, desk: Client) -> None:
    page = upload(desk, "slug,name\ndan,Dan\n", name=name, table="people")
    assert "1 create" in page or "Choose a file" in page
    assert "<b>.csv" not in page


def test_a_reason_that_no_record_may_hold_is_refused_at_its_field(desk: Client) -> None:
    given = {"pasted": "slug,name\ndan,Dan\n", "table": "people", "empty": "keep", "reason": "be\x07ep"}
    page = desk.post(reverse(NEW), given).content.decode()
    assert "Character 3 is the control character U+0007; take it out." in page
    assert not ImportBatch.objects.exists()
