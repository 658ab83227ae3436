"""Uploads to test with: a desk to sit at, sheets sent in and confirmed in one call each, as a browser does it."""

from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from evidence.models import ImportBatch

NEW, SHOWN, CONFIRM, REFUSED = (
    f"admin:evidence_importbatch_{page}" for page in ("add", "change", "confirm", "refused")
)


def desk_of(user: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(user)
    return client


def upload(desk: Client, content: str | bytes, name: str = "people.csv", **more: Any) -> str:
    """The page of the import that an upload opens."""
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    answer = desk.post(
        reverse(NEW), {"file": file, "table": "", "empty": "keep", "reason": "", **more}, follow=True
    )
    assert answer.status_code == 200
    return answer.content.decode()


def confirm(desk: Client, batch: ImportBatch | None = None, **sent: Any) -> str:
    """The page after confirming an import, by default the one that was opened last."""
    key = (batch or ImportBatch.objects.latest("opened")).pk
    return desk.post(reverse(CONFIRM, args=[key]), sent, follow=True).content.decode()
