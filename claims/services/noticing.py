"""What else looks otherwise when a conflict or a citation does: whether the claims that these name are contested."""

from claims.models import Citation, Conflict
from evidence.services.noticing import follows

follows(Conflict, "members")
follows(Citation, "claim")
