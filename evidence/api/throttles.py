"""How often one may ask: each user, and each address from which nobody is signed in. The settings say how often."""

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

ANONYMOUS, USER = "anonymous", "user"


class Throttle(SimpleRateThrottle):
    """So many requests in so long a time; the rate is looked up anew each time, so that settings may change it."""

    def __init__(self) -> None:
        """Which rate counts is known once somebody asks."""

    def allow_request(self, request: Request, view: Any) -> bool:
        self.scope = USER if request.user.is_authenticated else ANONYMOUS
        self.rate = settings.API_RATES[self.scope]
        self.num_requests, self.duration = self.parse_rate(self.rate)
        return bool(super().allow_request(request, view))

    def get_cache_key(self, request: Request, view: Any) -> str:
        signed_in = request.user.is_authenticated
        ident = request.user.pk if signed_in else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": ident}
