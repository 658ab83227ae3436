"""Making tokens by command, listing them and taking them back."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from evidence.models import Token

pytestmark = pytest.mark.django_db


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    call_command(*words)
    return capsys.readouterr().out


def test_a_token_is_made_shown_once_and_of_use(reader: User, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "make_token", "reader", "--days", "7", "--label", "notebook")
    shown = re.search(r"kept nowhere: (\S+)", told)[1]
    token = Token.objects.get()
    assert (token.user, token.label, token.read_only) == (reader, "notebook", False)
    assert (token.expiry - timezone.now()).days == 6
    assert Client(headers={"Authorization": f"Token {shown}"}).get("/api/v1/claims/").status_code == 200


def test_tokens_are_listed_without_telling_them_and_taken_back(
    reader: User, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = [said(capsys, "make_token", "reader", "--read-only").split()[-1] for _ in range(3)]
    told = said(capsys, "revoke_token", "reader")
    assert "reader has 3 tokens." in told and "read-only" in told
    assert not [one for one in shown if one in told]
    assert "1 token of reader" in said(capsys, "revoke_token", "reader", "--token", shown[0][:15])
    assert "2 tokens of reader" in said(capsys, "revoke_token", "reader", "--all")
    assert Client(headers={"Authorization": f"Token {shown[1]}"}).get("/api/v1/claims/").status_code == 401


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["make_token", "nobody"], "There is no user 'nobody'"),
        (["make_token", "system"], "cannot sign in"),
        (["make_token", "reader", "--days", "0"], "1 to 3650 days"),
        (["make_token", "reader", "--label", "a\nb"], "one line"),
        (["revoke_token", "reader", "--token", "x"], "begins with 'x'"),
        (["revoke_token", "nobody"], "There is no user 'nobody'"),
    ],
)
def test_what_cannot_be_is_refused(words: list[str], why: str, reader: User) -> None:
    with pytest.raises(CommandError, match=why):
        call_command(*words)
