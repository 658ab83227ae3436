"""Who asks: a person by their session, or a program by a token of theirs."""

from typing import Any

from django.utils import timezone
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
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
    """Anybody reads, with any token or none; who writes is signed in, or has a token that is not read-only."""

    message = "This token is read-only; use one that may write."

    def has_permission(self, request: Request, view: Any) -> bool:
        method = request.method or ""
        if method in SAFE_METHODS or not hasattr(view, method.lower()):  # which no view answers, whoever asks
            return True
        if not request.user.is_authenticated:
            raise NotAuthenticated("Whoever writes signs in, or sends a token: `Authorization: Token …`.")
        return not (isinstance(request.auth, Token) and request.auth.read_only)
