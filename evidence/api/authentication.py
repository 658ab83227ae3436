"""Who asks: a person by their session, or a program by a token of theirs."""

from typing import Any

from django.utils import timezone
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from evidence.models import Token

REFUSED = "This token is not known, or it has expired; make a new one."


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Token …`. Reading writes nothing, so that expired tokens stay until somebody removes them."""

    def authenticate_credentials(self, token: bytes) -> Any:
        if not token.isascii():
            raise AuthenticationFailed(REFUSED)
        try:
            return super().authenticate_credentials(token)
        except AuthenticationFailed as error:
            raise AuthenticationFailed(REFUSED) from error

    def _cleanup_token(self, auth_token: Token) -> bool:
        """Whether the token is of no use any more; the library's own looks at all others of the user, and deletes."""
        return auth_token.expiry is not None and auth_token.expiry < timezone.now()


class WithinToken(BasePermission):
    """What reads only is asked with any token; what writes, with one that is not read-only."""

    message = "This token is read-only; use one that may write."

    def has_permission(self, request: Request, view: Any) -> bool:
        token = request.auth
        return request.method in SAFE_METHODS or not (isinstance(token, Token) and token.read_only)
