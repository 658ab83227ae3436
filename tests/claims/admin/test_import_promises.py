"""What importing and exporting in the browser keep that the library's own import does not.

Each stands in docs/decisions/0006, beside the promises that are held elsewhere.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from claims.models import Claim, Company, Person, Plant, Predicate
from evidence.choices import BatchState
from evidence.exchange.files import Format
from evidence.models import Change, ImportBatch
from tests.factories import CompanyFactory, PersonFactory, PredicateFactory
from tests.factories.base import some_change
from tests.files import archive, cells
from tests.uploads import CONFIRM, NEW, REFUSED, SHOWN, confirm, desk_of, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(curator: User) -> Client:
    return desk_of(curator)


def staff(*permissions: str, name: str = "temp") -> User:
    """Somebody of the staff without any role, with these permissions alone."""
    user = User.objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


@pytest.mark.parametrize(
    "permissions",
    [(), ("view_person", "view_importbatch"), ("add_importbatch", "view_importbatch", "view_person")],
    ids=["none", "looking", "importing, but into no table"],
)
def test_staff_who_may_not_write_are_offered_no_import_and_write_nothing(
    permissions: tuple[str, ...],
) -> None:
    client = desk_of(staff(*permissions))
    for page in ("admin:index", "admin:claims_person_changelist"):
        assert reverse(NEW) not in client.get(reverse(page)).content.decode()
    given = {"pasted": "slug,name\ndan,Dan\n", "table": "people", "empty": "keep"}
    assert [client.get(reverse(NEW)).status_code, client.post(reverse(NEW), given).status_code] == [403, 403]
    assert not ImportBatch.objects.exists()
    assert not Person.objects.exists()


def test_who_may_add_but_not_change_imports_new_rows_of_that_table_only() -> None:
    PersonFactory(slug="lee", name="Lee")
    client = desk_of(staff("add_importbatch", "view_importbatch", "view_person", "add_person"))
    page = upload(client, "slug,name\ndan,Dan\nlee,Leigh\n")
    assert "1 create, 0 update, 0 unchanged, 1 rejected" in page
    assert "temp may not change people; ask an administrator." in page
    assert "temp may not add companies" in upload(client, "slug,name\nlg,LG\n", "companies.csv")
    confirm(client, ImportBatch.objects.get(name="people.csv"))
    assert set(Person.objects.values_list("name", flat=True)) == {"Dan", "Lee"}


def test_rights_that_were_lost_since_the_preview_count(desk: Client, curator: User) -> None:
    upload(desk, "slug,name\ndan,Dan\n")
    curator.groups.clear()
    key = ImportBatch.objects.get().pk
    assert desk.post(reverse(CONFIRM, args=[key])).status_code == 403
    assert not Person.objects.exists()


def test_a_confirmation_that_writes_nothing_says_so_and_names_what_is_gone(desk: Client) -> None:
    company = CompanyFactory(slug="lg")
    upload(desk, "slug,name,operators\nholland,Holland,\ncandiac,Candiac,lg\n", "plants.csv")
    with some_change():
        company.delete()
    before = Change.objects.count()
    page = confirm(desk)
    assert ".csv:3 operators: " in page and "(lg)" in page
    assert "<td>plants.csv</td><td>3</td><td>operators</td><td>lg</td>" in page
    assert "Nothing was written." in page
    assert "<h2>Nothing is written yet</h2>" in page and "<h2>Written</h2>" not in page
    assert not Plant.objects.exists()
    assert Change.objects.count() == before


def test_a_cell_that_became_wrong_since_the_preview_is_told_at_its_place(desk: Client) -> None:
    CompanyFactory(slug="lg")
    PredicateFactory(slug="standing", coded=True)
    row = "c1,LG has built it.,lg,standing,built,actual"
    page = upload(desk, f"slug,statement,subject,predicate,value,modality\n{row}\n", "claims.csv")
    assert "1 create" in page
    predicate = Predicate.objects.get()
    with some_change():
        predicate.codes = ["planned", "paused"]
        predicate.save()
    page = confirm(desk)
    assert ".csv:2 value: " in page and "(built)" in page
    assert "Nothing was written." in page
    assert "<td>claims.csv</td><td>2</td><td>value</td><td>built</td>" in page
    assert not Claim.objects.exists()


def test_a_confirmation_takes_the_name_of_no_file_and_touches_no_other_upload(
    desk: Client, reviewer: User
) -> None:
    upload(desk_of(reviewer), "slug,name\nother,Other\n", "theirs.csv", table="people")
    theirs = ImportBatch.objects.get()
    kept = {path: path.read_bytes() for path in theirs.folder.rglob("*") if path.is_file()}
    upload(desk, "slug,name\ndan,Dan\n")
    named = {
        name: str(theirs.folder / "upload") for name in ("import_file_name", "original_file_name", "file")
    }
    confirm(desk, **named, batch_id=theirs.pk, owner=reviewer.pk)
    assert list(Person.objects.values_list("slug", flat=True)) == ["dan"]
    confirm(desk, theirs)
    theirs.refresh_from_db()
    assert theirs.state == BatchState.PREVIEWED
    assert {path: path.read_bytes() for path in kept} == kept
    assert list(Person.objects.values_list("slug", flat=True)) == ["dan"]


def test_pressing_the_button_twice_shows_the_first_result(desk: Client) -> None:
    upload(desk, "slug,name\ndan,Dan\n")
    first, second = confirm(desk), confirm(desk)
    written = ImportBatch.objects.get().change
    assert written is not None
    for page in (first, second):
        assert "<h2>Written</h2>" in page and f"Change {written.pk}</a>" in page
        assert "1 create, 0 update, 0 unchanged, 0 rejected" in page and "Nothing was written" not in page
    assert Change.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"table": "abc"}, {"table": "99"}, {"empty": "99"}, {"empty": ""}, {"reason": "x" * 501}],
    ids=str,
)
def test_what_the_form_does_not_offer_is_refused_at_its_field(wrong: dict[str, str], desk: Client) -> None:
    page = upload(desk, "slug,name\ndan,Dan\n", **wrong)
    ((field, _),) = wrong.items()
    assert f'id="id_{field}_error"' in page
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("form", ["abc", "99", "xls", "CSV"])
def test_a_format_that_there_is_not_is_asked_for_again(form: str, desk: Client) -> None:
    page = desk.get(reverse("admin:claims_person_export"), {"_format": form})
    assert page.status_code == 200
    assert 'name="_format" value="csv"' in page.content.decode()


def test_an_upload_that_nobody_confirmed_goes_when_the_next_one_comes(desk: Client) -> None:
    upload(desk, "slug,name\ndan,Dan\n", "old.csv", table="people")
    upload(desk, "slug,name\nlee,Lee\n", "young.csv", table="people")
    old, young = (ImportBatch.objects.get(name=name) for name in ("old.csv", "young.csv"))
    for batch, hours in ((old, 25), (young, 23)):
        ImportBatch.objects.filter(pk=batch.pk).update(opened=batch.opened - timedelta(hours=hours))
    upload(desk, "slug,name\nng,Ng\n")
    assert (old.folder.exists(), young.folder.exists()) == (False, True)
    page = desk.get(reverse(SHOWN, args=[old.pk])).content.decode()
    assert "<h2>Cleared away, unconfirmed</h2>" in page and 'type="submit" class="default"' not in page
    assert "upload the file again" in confirm(desk, old)
    assert not Person.objects.exists()


FORMULAS = (
    "=1+1",
    "==1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,2)",
    "'=1+1",
    "=HYPERLINK(A1)",
    "+",
    "-2+3+cmd|' /C calc'!A0",
)


@pytest.mark.parametrize("form", Format)
def test_no_formula_runs_in_what_is_exported_and_each_comes_back_as_it_was(
    form: Format, desk: Client, tmp_path: Path
) -> None:
    for number, text in enumerate(FORMULAS):
        PersonFactory(slug=f"person-{number}", name=text, description=f"x\n{text}")
    answer = desk.get(reverse("admin:claims_person_export"), {"_format": form.value, "_column": ["name"]})
    path = tmp_path / f"people.{form.value}"
    path.write_bytes(b"".join(answer.streaming_content))
    texts = [row[1] for row in cells(path)[1:]]
    if form in (Format.CSV, Format.TSV):
        assert [text[0] for text in texts] == ["'"] * len(FORMULAS)
    else:
        assert texts == list(FORMULAS)
    page = upload(desk, path.read_bytes(), path.name)
    assert f"0 create, 0 update, {len(FORMULAS)} unchanged, 0 rejected" in page


def test_the_preview_says_what_empty_cells_do_and_what_they_would_empty(desk: Client) -> None:
    CompanyFactory(slug="lg", headquarters="Seoul", founded="1947")
    text = "slug,headquarters\nlg,\n"
    page = upload(desk, text, "companies.csv")
    assert '<th scope="row">Empty cells</th><td>keep what is there</td>' in page
    assert "0 update, 1 unchanged" in page
    page = upload(desk, text, "companies.csv", empty="clear")
    assert '<th scope="row">Empty cells</th><td>empty their fields</td>' in page
    assert "<del>Seoul</del>" in page and "1947" not in page
    confirm(desk)
    company = Company.objects.get()
    assert (company.headquarters, company.founded) == ("", "1947")


TEXT = "slug,name,description\nblondal,Dan Blöndal – “Dr”,€ 5\n"
SAME = {
    "semicolons": TEXT.replace(",", ";").encode(),
    "semicolons of Excel": TEXT.replace(",", ";").replace("\n", "\r\n").encode("cp1252"),
    "tabs in UTF-16": TEXT.replace(",", "\t").encode("utf-16"),
    "UTF-16, big end first": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "bars": TEXT.replace(",", "|").encode(),
    "Windows-1252": TEXT.encode("cp1252"),
    "a mark": TEXT.encode("utf-8-sig"),
    "line ends of old Macs": TEXT.replace("\n", "\r").encode(),
}


@pytest.mark.parametrize("content", SAME.values(), ids=SAME)
def test_a_file_in_any_delimiter_and_encoding_is_read_to_the_same_cells(content: bytes, desk: Client) -> None:
    assert "1 create" in upload(desk, content)
    confirm(desk)
    person = Person.objects.get()
    assert (person.slug, person.name, person.description) == ("blondal", "Dan Blöndal – “Dr”", "€ 5")


def test_the_counts_on_record_are_those_of_what_was_written_and_all_of_it_has_a_history(
    desk: Client,
) -> None:
    PersonFactory(slug="lee", name="Leigh")
    rows = "".join(f"person-{number},Person {number}\n" for number in range(30))
    page = upload(desk, f"slug,name\n{rows}person-7,Again\nlee,Lee\n")
    assert "30 create, 1 update, 0 unchanged, 1 rejected" in page
    assert "“person-7” stands already in people.csv:9; a row is told once." in page
    confirm(desk)
    batch = ImportBatch.objects.get()
    written: Any = Person.history.filter(change=batch.change)
    assert (batch.created, batch.updated) == (
        written.filter(history_type="+").count(),
        written.filter(history_type="~").count(),
    )
    assert Person.objects.count() == 31
    assert Person.objects.get(slug="person-7").name == "Person 7"


def test_as_many_rows_are_written_as_were_shown_where_files_of_one_name_lie_in_several_folders(
    desk: Client, tmp_path: Path
) -> None:
    members = {"a/people.csv": "slug,name\ndan,Dan\n", "b/people.csv": "slug,name\nlee,\nng,Ng\n"}
    path = archive(tmp_path, "all.zip", members)  # type: ignore[arg-type]
    page = upload(desk, path.read_bytes(), path.name)
    assert "2 create, 0 update, 0 unchanged, 1 rejected" in page
    assert "<td>all.zip/b/people.csv</td><td>2</td><td>name</td>" in page
    confirm(desk)
    assert set(Person.objects.values_list("slug", flat=True)) == {"dan", "ng"}


def test_half_a_character_is_shown_and_given_back_as_json_spells_it(desk: Client) -> None:
    page = upload(desk, r'[{"slug": "dan", "name": "a\ud800b", "a\udfff": "x"}]', "people.json")
    assert (
        r"<td>a\ud800b</td><td>“name” of object 1 holds half a character (U+D800); take it out.</td>" in page
    )
    assert r"<td>a\udfff</td><td>people has no such column" in page
    upload(desk, r'[{"slug": "dan", "name": "a\ud800b"}]', "people.json")
    batch = ImportBatch.objects.latest("opened")
    mended = desk.get(reverse(REFUSED, args=[batch.pk])).content.decode()
    assert mended.splitlines()[1].startswith(r"dan,a\ud800b,name: “name” of object 1 holds half a character")
