"""What people do about conflicts: note one, resolve it, open it again. Each inside an open change."""

from collections.abc import Iterable

from claims.choices import ConflictKind, ConflictStatus, Resolution
from claims.models import Claim, Conflict
from evidence.services.history import chunked
from evidence.services.slugs import numbered, propose_slug

DECISION = ("status", "resolution", "reason")


def note(*, claims: Iterable[Claim], explanation: str, slug: str = "") -> Conflict:
    """Record that these claims cannot all be true, and why; raises ValidationError where that is not said."""
    conflict = Conflict(kind=ConflictKind.NOTED, explanation=explanation)
    proposed = propose_slug(Conflict, {"explanation": explanation}) or "conflict"
    conflict.slug = slug or numbered(Conflict, proposed, ())
    conflict.full_clean()
    conflict.save()
    conflict.members.set(claims)
    return conflict


def resolve(*, conflict: Conflict, resolution: Resolution, reason: str) -> Conflict:
    """Record what was decided, and why; raises ValidationError where the reason is missing."""
    return _decide(conflict, ConflictStatus.RESOLVED, resolution, reason)


def reopen(*, conflict: Conflict, reason: str = "") -> Conflict:
    """Take a decision back."""
    return _decide(conflict, ConflictStatus.OPEN, "", reason)


def not_taken(decided: Iterable[Conflict]) -> set[str]:
    """The slugs of those of these records whose decision the ledger has not: it was made about other claims."""
    said = {one.slug: (one.status, one.resolution, one.reason) for one in decided}
    stored = {
        slug: decision
        for some in chunked(said)
        for slug, *decision in Conflict.objects.filter(slug__in=some).values_list("slug", *DECISION)
    }
    return {slug for slug, decision in said.items() if tuple(stored.get(slug, decision)) != decision}


def _decide(conflict: Conflict, status: ConflictStatus, resolution: str, reason: str) -> Conflict:
    conflict.status, conflict.resolution, conflict.reason = status, resolution, reason
    conflict.full_clean()
    conflict.save()
    return conflict
