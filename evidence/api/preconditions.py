"""What a write is conditional on: that the record is still the one that was read, or that there is none yet.

`If-Match` is compared with the version in our entity tags (`"7.digest"`, `"7.digest-gzip"`, `"7"`), strongly, as RFC
9110 has it: a weak tag never matches. `If-None-Match: *` holds where there is no record.
"""

import re

from django.utils.http import parse_etags
from rest_framework.request import Request

from evidence.api.problems import Error, Refused

REQUIRED, STALE = "precondition_required", "stale"
"""Codes: nothing is said of what was read before, or it is another by now."""

ANY = "*"
TAG = re.compile(r'"(\d+)(?:\.[^"]*)?"')
WEAK = "W/"


def check(request: Request, version: int | None, *, may_create: bool = False) -> None:
    """That a write to the record of this version (None: there is none) is conditional, and may go on.

    Raises Refused: 428 where no condition is named, 412 where one does not hold.
    """
    match, none = _tags(request, "If-Match"), _tags(request, "If-None-Match")
    if match is None and not (may_create and none == [ANY]):
        raise _required(version, may_create=may_create)
    if match is not None and (version is None or not any(_names(tag, version) for tag in match)):
        weak = any(tag.startswith(WEAK) for tag in match)
        hint = "" if match else "It holds no entity tag; write one with its quotes. "
        raise stale(version, "A weak tag (W/…) never matches. " if weak else hint)
    if version is not None and any(_names(tag.removeprefix(WEAK), version) for tag in none or ()):
        raise stale(version, "There is one already. ")


def stale(version: int | None, hint: str = "") -> Refused:
    """That the record is not as the request has it."""
    if version is None:
        return Refused(412, Error("There is no such record; create it with `If-None-Match: *`.", STALE))
    told = f'It has version {version} now: read it again, then send `If-Match: "{version}"`.'
    return Refused(412, Error(hint + told, STALE), headers={"ETag": f'"{version}"'})


def _required(version: int | None, *, may_create: bool) -> Refused:
    wanted = "`If-Match` with the ETag of the record that you read"
    wanted += ", or `If-None-Match: *` to create it" if may_create else ""
    return Refused(
        428,
        Error(f"Send {wanted}; without it, what somebody else wrote could get lost.", REQUIRED),
        headers=None if version is None else {"ETag": f'"{version}"'},
    )


def _tags(request: Request, header: str) -> list[str] | None:
    """The entity tags in a header, none where it is malformed, so that nothing matches; None where it is not sent."""
    given = request.headers.get(header)
    if given is None:
        return None
    return parse_etags(given)


def _names(tag: str, version: int) -> bool:
    found = TAG.fullmatch(tag)
    return tag == ANY or (found is not None and found[1].lstrip("0") == str(version))
