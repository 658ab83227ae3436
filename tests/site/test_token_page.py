"""The page of tokens: made by who is signed in, shown once, taken back."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims_site.tokens import make_token
from evidence.models import Token
from tests.uploads import desk_of

pytestmark = pytest.mark.django_db

LIST, ADD = reverse("admin:evidence_token_changelist"), reverse("admin:evidence_token_add")


def test_a_token_is_made_shown_once_and_of_use(reader: User) -> None:
    desk = desk_of(reader)
    answer = desk.post(ADD, {"label": "my notebook", "days": 30, "read_only": "on"})
    assert "no-store" in answer["Cache-Control"]
    shown = re.findall(r"Authorization: Token (\w+)", answer.content.decode())
    kept = Token.objects.get()
    assert (kept.user, kept.label, kept.read_only) == (reader, "my notebook", True)
    assert kept.expiry is not None
    assert timedelta(days=29) < kept.expiry - timezone.now() <= timedelta(days=30)
    headers = {"Authorization": f"Token {shown[0]}"}
    assert Client().get("/api/v1/companies/", headers=headers).status_code == 200
    page = desk.get(LIST).content.decode()
    assert "my notebook" in page
    assert shown[0] not in page
    assert shown[0] not in str(desk.cookies)


@pytest.mark.parametrize("days", ["0", "", "4000", "x"])
def test_a_token_that_is_good_for_no_time_or_for_ever_is_not_made(reader: User, days: str) -> None:
    assert "Good for" in desk_of(reader).post(ADD, {"label": "", "days": days}).content.decode()
    assert not Token.objects.exists()


def test_people_see_their_own_tokens_and_take_them_back(reader: User, curator: User) -> None:
    own, _ = make_token(name=reader.username, days=1, label="mine")
    other, _ = make_token(name=curator.username, days=1, label="of a colleague")
    desk = desk_of(reader)
    page = desk.get(LIST).content.decode()
    assert "mine" in page
    assert "of a colleague" not in page
    chosen = {"action": "delete_selected", "_selected_action": [own.pk, other.pk], "post": "yes"}
    desk.post(LIST, chosen)
    assert list(Token.objects.all()) == [other]
    assert (
        desk.post(reverse("admin:evidence_token_delete", args=[other.pk]), {"post": "yes"}).status_code != 200
    )
    assert Token.objects.filter(pk=other.pk).exists()


def test_who_manages_users_sees_all_tokens_and_takes_them_back(administrator: User, reader: User) -> None:
    token, _ = make_token(name=reader.username, days=1, label="of a reader")
    desk = desk_of(administrator)
    assert "of a reader" in desk.get(LIST).content.decode()
    desk.post(reverse("admin:evidence_token_delete", args=[token.pk]), {"post": "yes"})
    assert not Token.objects.exists()


def test_a_token_is_not_changed(reader: User) -> None:
    token, _ = make_token(name=reader.username, days=1)
    page = reverse("admin:evidence_token_change", args=[token.pk])
    assert desk_of(reader).post(page, {"label": "other", "days": 5}).status_code == 403


def test_nobody_sees_tokens_without_signing_in() -> None:
    assert Client().get(LIST).status_code == 302


def test_there_is_one_page_of_tokens(administrator: User) -> None:
    administrator.is_superuser = True
    administrator.save()
    assert desk_of(administrator).get("/admin/").content.decode().lower().count("tokens</a>") == 1
