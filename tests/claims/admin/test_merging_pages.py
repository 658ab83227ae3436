"""Duplicates in the admin: told while one is typed and when it is saved, listed, judged, and merged by a person."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.contract import TABLES
from claims.models import Company, Distinction, Entity, FormerSlug
from evidence.contract import by_model
from evidence.models import Change
from tests.factories import (
    FACTORY_OF,
    ClaimFactory,
    CompanyFactory,
    OwnershipFactory,
    PlantFactory,
    PredicateFactory,
)
from tests.factories.base import some_change
from tests.factories.bulk import multiply

pytestmark = pytest.mark.django_db

LIST, DIFFERENT, MERGE = (reverse(f"admin:claims_{name}") for name in ("duplicates", "different", "merge"))
LEAVES = sorted(Entity.__subclasses__(), key=lambda leaf: leaf.__name__)
TAG = re.compile(r"<[^>]+>")
UNSAFE = re.compile(r"<[^>]+\s(style|on\w+)=|<script(?![^>]*\ssrc=)|<style", re.IGNORECASE)


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(curator: User) -> Client:
    return desk_of(curator)


@pytest.fixture
def two() -> tuple[Company, Company]:
    kept = CompanyFactory(slug="lg-chem", name="LG Chem", country="KR", headquarters="Seoul")
    return kept, CompanyFactory(
        slug="lg-chem-ltd", name="LG Chem Ltd.", country="US", tickers=["KRX: 051910"]
    )


def words(page: Any) -> str:
    """What a page says, without its tags."""
    return " ".join(TAG.sub(" ", page.content.decode()).split())


def pair(*slugs: str) -> str:
    return f"{MERGE}?" + "&".join(f"entity={slug}" for slug in slugs)


def sent(page: Any, **more: str) -> dict[str, Any]:
    """What a browser sends for the form of the merge page, unchanged but for this."""
    form = page.context["form"]
    values = {bound.html_name: bound.value() for bound in form if bound.value() is not None}
    return values | {name.replace("choose_", "choose-"): value for name, value in more.items()}


def new(name: str, **more: str) -> dict[str, str]:
    form = {
        "name": name,
        "slug": "",
        "confidence": "unjudged",
        "basis": "inference",
        "review": "draft",
        **more,
    }
    return form | {f"owners_of-{one}": "0" for one in ("TOTAL_FORMS", "INITIAL_FORMS")}


def test_pairs_are_listed_with_reasons_and_what_can_be_done(
    desk: Client, two: tuple[Company, Company]
) -> None:
    page = desk.get(LIST)
    said = words(page)
    assert "1 pair. LG Chem · LG Chem Ltd." in said
    assert "Names alike: “LG Chem” and “LG Chem Ltd.”." in said
    body = page.content.decode()
    assert f'href="{pair("lg-chem", "lg-chem-ltd").replace("&", "&amp;")}"' in body
    assert 'value="Different"' in body
    assert not UNSAFE.search(body)
    assert "No two records look like one." in words(desk.get(LIST, {"type": "plant"}))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"type": "colour"}, "There is no type “colour”; there are company,"),
        ({"from": "here"}, "“here” is no place in the list"),
        ({"from": "9" * 30}, "is no place in the list"),
    ],
)
def test_a_wrong_request_is_named(query: dict[str, str], told: str, desk: Client) -> None:
    assert told in words(desk.get(LIST, query))


def test_a_reader_sees_the_list_and_nothing_to_do(reader: User, two: tuple[Company, Company]) -> None:
    page = desk_of(reader).get(LIST)
    assert "LG Chem · LG Chem Ltd." in words(page)
    assert "Merge …" not in words(page) and "Different" not in page.content.decode()


def test_a_long_list_is_walked_by_its_links(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.admin.duplicates.SHOWN", 1)
    for name in ("Candiac", "Windsor"):
        for place in ("here", "there"):
            PlantFactory(name=name, slug=f"{name.lower()}-{place}")
    first = desk.get(LIST, {"type": "plant"})
    (link,) = re.findall(r'href="([^"]+)" rel="next"', first.content.decode())
    second = desk.get(link.replace("&amp;", "&"))
    assert "Candiac · Candiac" in words(first) and "Windsor" not in words(first)
    assert "Windsor · Windsor" in words(second) and "From the beginning" in words(second)


def test_two_that_are_judged_different_are_remembered_and_listed_no_longer(
    desk: Client, two: tuple[Company, Company], curator: User
) -> None:
    send = {"entity": ["lg-chem", "lg-chem-ltd"], "reason": "The second is a branch.", "type": "company"}
    answer = desk.post(DIFFERENT, send, follow=True)
    assert answer.redirect_chain[-1][0] == f"{LIST}?type=company"
    assert "“LG Chem” and “LG Chem Ltd.” are different, and are not proposed again." in words(answer)
    assert "No two records look like one." in words(answer)
    change = Distinction.history.get().change
    assert (change.actor, change.reason) == (curator, "The second is a branch.")
    assert "judged to be different already" in words(desk.post(DIFFERENT, send, follow=True))


@pytest.mark.parametrize(
    ("send", "told"),
    [
        ({"reason": " "}, "Say what tells “LG Chem” and “LG Chem Ltd.” apart; nothing was remembered."),
        ({"entity": ["lg-chem", "lg"]}, "One of the two is there no longer"),
        ({"entity": []}, "One of the two is there no longer"),
    ],
)
def test_a_judgement_that_is_none_is_not_remembered(
    send: dict[str, Any], told: str, desk: Client, two: tuple[Company, Company]
) -> None:
    whole = {"entity": ["lg-chem", "lg-chem-ltd"], "reason": "A branch.", **send}
    assert told in words(desk.post(DIFFERENT, whole, follow=True))
    assert not Distinction.objects.exists()


def test_the_merge_page_shows_both_side_by_side_and_what_would_move(
    desk: Client, two: tuple[Company, Company]
) -> None:
    kept, gone = two
    ClaimFactory.create_batch(2, subject=gone)
    ClaimFactory(
        subject=kept,
        object=gone,
        predicate=PredicateFactory(between_entities=True),
        value="",
        statement="Both.",
    )
    page = desk.get(pair("lg-chem", "lg-chem-ltd"))
    said, body = words(page), page.content.decode()
    assert "LG Chem lg-chem stays, and LG Chem Ltd. lg-chem-ltd goes." in said
    assert "Claims, as subject: 2" in said and "Claims, as object: 1" in said
    assert "lg-chem-ltd will lead to lg-chem" in said
    assert "will name one thing twice; look at them afterwards: Both." in said
    assert 'name="choose-country" value="kept"' in body and 'name="choose-tickers" value="both"' in body
    assert 'name="choose-headquarters"' not in body
    assert pair("lg-chem-ltd", "lg-chem").replace("&", "&amp;") in body
    assert not UNSAFE.search(body)
    assert Entity.objects.count() == 2


def test_two_records_are_merged_as_chosen_with_the_reason(desk: Client, two: tuple[Company, Company]) -> None:
    kept, gone = two
    ClaimFactory(subject=gone)
    address = pair("lg-chem", "lg-chem-ltd")
    form = sent(desk.get(address), reason="One company.", choose_country="gone")
    answer = desk.post(address, form, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("admin:claims_company_change", args=[kept.pk])
    assert (
        "“LG Chem Ltd.” (lg-chem-ltd) was merged into this record; 1 place that named it names this one"
        in words(answer)
    )
    kept.refresh_from_db()
    assert (kept.country, kept.tickers, kept.aliases) == ("US", ["KRX: 051910"], ["LG Chem Ltd."])
    assert (Change.objects.first().reason, FormerSlug.objects.get().slug) == ("One company.", "lg-chem-ltd")


def test_without_a_reason_nothing_is_merged_and_what_was_chosen_is_kept(
    desk: Client, two: tuple[Company, Company]
) -> None:
    address = pair("lg-chem", "lg-chem-ltd")
    page = desk.post(address, sent(desk.get(address), reason=" ", choose_country="gone"))
    assert "Say why the two are the same." in words(page)
    assert re.search(r'name="choose-country" value="gone"[^>]*checked', page.content.decode())
    assert Entity.objects.count() == 2


def test_what_somebody_changed_meanwhile_is_looked_at_again(
    desk: Client, two: tuple[Company, Company]
) -> None:
    address = pair("lg-chem", "lg-chem-ltd")
    form = sent(desk.get(address), reason="One company.")
    with some_change():
        two[1].headquarters = "Atlanta"
        two[1].save()
    page = desk.post(address, form)
    assert "Somebody changed one of the two after you opened this page" in words(page)
    assert "Atlanta" in words(page)
    assert desk.post(address, sent(page, reason="One company.")).status_code == 302
    assert Company.objects.get().headquarters == "Seoul"


def test_what_rules_refuse_is_said_and_nothing_is_merged(desk: Client, two: tuple[Company, Company]) -> None:
    with some_change():
        for company in two:
            company.review = "accepted"
            company.save()
    address = pair("lg-chem", "lg-chem-ltd")
    page = desk.post(address, sent(desk.get(address), reason="One company."))
    assert "It was accepted, so that a reviewer has to merge it; ask one." in words(page)
    assert Entity.objects.count() == 2


def test_two_that_cannot_be_one_have_no_form(desk: Client, two: tuple[Company, Company]) -> None:
    OwnershipFactory(owner=two[0], owned=two[1])
    page = desk.get(pair("lg-chem", "lg-chem-ltd"))
    assert "Nothing owns itself" in words(page)
    assert 'value="Merge"' not in page.content.decode()
    PlantFactory(slug="plant")
    assert "is of another type (plant)" in words(desk.get(pair("lg-chem", "plant")))


@pytest.mark.parametrize(
    ("slugs", "told"),
    [
        ((), "Choose two records of one type"),
        (("lg-chem",), "Choose two records of one type"),
        (("lg-chem", "lg-chemm"), "There is no entity “lg-chemm”; did you mean “lg-chem”?"),
        (("lg-chem", "lg-chem-ltd", "third"), "Two at a time; uncheck the others."),
    ],
)
def test_what_is_missing_for_a_merge_is_said(
    slugs: tuple[str, ...], told: str, desk: Client, two: tuple[Company, Company]
) -> None:
    CompanyFactory(slug="third")
    page = desk.get(pair(*slugs))
    assert told in words(page)
    assert not UNSAFE.search(page.content.decode())


def test_records_to_merge_are_added_as_the_autocomplete_names_them(
    desk: Client, two: tuple[Company, Company]
) -> None:
    answer = desk.get(MERGE, {"entity": "lg-chem", "add": two[1].pk})
    assert answer.url == pair("lg-chem", "lg-chem-ltd")


@pytest.mark.parametrize("model", ["company", "entity"])
def test_marked_records_are_merged_from_a_list(
    model: str, desk: Client, two: tuple[Company, Company]
) -> None:
    address = reverse(f"admin:claims_{model}_changelist")
    assert f'href="{LIST}' in desk.get(address).content.decode()
    if model == "entity":
        return
    send = {"action": "merge_selected", "_selected_action": [one.pk for one in two]}
    assert desk.post(address, send).url == pair("lg-chem", "lg-chem-ltd")
    send["_selected_action"] = [two[0].pk]
    assert "Mark two records to merge them." in words(desk.post(address, send, follow=True))


def test_an_entity_s_page_leads_to_its_merge(desk: Client, two: tuple[Company, Company]) -> None:
    body = desk.get(reverse("admin:claims_company_change", args=[two[0].pk])).content.decode()
    assert f'href="{MERGE}?entity=lg-chem"' in body


@pytest.mark.parametrize("allowed", [("change",), ("delete",), ()])
def test_who_may_not_change_and_delete_records_of_the_type_merges_none(
    allowed: tuple[str, ...], reader: User, two: tuple[Company, Company]
) -> None:
    codes = [f"{action}_company" for action in allowed]
    reader.user_permissions.set(Permission.objects.filter(codename__in=codes))
    client, address = desk_of(reader), pair("lg-chem", "lg-chem-ltd")
    assert client.get(address).status_code == 403
    assert client.post(address, {"reason": "One.", "versions": "1.1"}).status_code == 403
    assert Entity.objects.count() == 2


@pytest.mark.parametrize("address", [LIST, MERGE, DIFFERENT, reverse("admin:claims_company_similar")])
def test_who_may_see_nothing_sees_none_of_it(address: str, db: None) -> None:
    client = Client()
    assert client.get(address).status_code == 302
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert client.get(address).status_code == 403
    assert client.post(address).status_code == 403


def test_a_reader_judges_nothing(reader: User, two: tuple[Company, Company]) -> None:
    send = {"entity": ["lg-chem", "lg-chem-ltd"], "reason": "A branch."}
    assert desk_of(reader).post(DIFFERENT, send).status_code == 403


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.__name__)
def test_the_form_of_a_new_record_of_any_type_asks_what_it_may_be(leaf: type[Entity], desk: Client) -> None:
    made = FACTORY_OF[leaf](name="Something of its own")
    name = leaf._meta.model_name
    body = desk.get(reverse(f"admin:claims_{name}_add")).content.decode()
    address = reverse(f"admin:claims_{name}_similar")
    assert f'data-similar="{address}"' in body
    assert "claims/similar.js" in body
    answer = desk.get(address, {"name": "something of its own"}).json()["similar"]
    assert "Something of its own" in answer and f"/{made.pk}/" in answer
    assert desk.get(address, {"name": "Wholly different"}).json() == {"similar": ""}
    assert (
        f'data-similar="{address}"'
        not in desk.get(reverse(f"admin:claims_{name}_change", args=[made.pk])).content.decode()
    )


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "\0"},
        {"name": "a\nb"},
        {"name": "<script>" * 1000},
        {"website": "http://[", "tickers": ":|x:"},
        {},
        {"name": "x", "aliases": "|".join(map(str, range(500)))},
    ],
)
def test_whatever_is_typed_is_answered(
    typed: dict[str, str], desk: Client, two: tuple[Company, Company]
) -> None:
    assert desk.get(reverse("admin:claims_company_similar"), typed).json() == {"similar": ""}


def test_a_saved_record_that_resembles_another_is_told_of_and_not_refused(
    desk: Client, two: tuple[Company, Company]
) -> None:
    answer = desk.post(reverse("admin:claims_company_add"), new("LG Chem, Inc."), follow=True)
    made = Company.objects.get(name="LG Chem, Inc.")
    said, body = words(answer), answer.content.decode()
    assert "It may be the same as LG Chem (names alike: “LG Chem, Inc.” and “LG Chem”)." in said
    assert pair("lg-chem", made.slug).replace("&", "&amp;") in body
    assert reverse("admin:claims_company_change", args=[two[0].pk]) in body
    page = desk.get(reverse("admin:claims_company_change", args=[made.pk]))
    assert "It may be the same" not in words(page)


def test_names_are_escaped_where_they_are_told(desk: Client) -> None:
    CompanyFactory(name="<b>Umicore</b>")
    answer = desk.get(reverse("admin:claims_company_similar"), {"name": "<b>Umicore</b>"}).json()["similar"]
    assert "&lt;b&gt;Umicore" in answer and "<b>" not in answer
    page = desk.post(reverse("admin:claims_company_add"), new("<b>Umicore</b>", slug="other"), follow=True)
    assert "<b>Umicore" not in page.content.decode()


def test_the_list_takes_as_many_queries_with_hundreds_of_pairs(
    desk: Client, two: tuple[Company, Company]
) -> None:
    desk.get(LIST)
    with CaptureQueriesContext(connection) as few:
        desk.get(LIST)
    multiply(two[0], 300)
    with CaptureQueriesContext(connection) as many:
        assert "LG Chem · LG Chem" in words(desk.get(LIST))
    assert len(many) == len(few)


def test_every_type_can_be_asked_for(desk: Client) -> None:
    assert {by_model(TABLES)[leaf].model for leaf in LEAVES} == set(LEAVES)
    for leaf in LEAVES:
        FACTORY_OF[leaf].create_batch(
            2, name="The same", **({"number": ""} if leaf.__name__ == "Patent" else {})
        )
        assert "The same · The same" in words(desk.get(LIST, {"type": leaf.TYPE}))
