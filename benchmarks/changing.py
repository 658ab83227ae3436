"""Where the time of a change goes, by timing the parts that it is made of."""

from collections.abc import Callable
from functools import wraps
from time import perf_counter
from typing import Any

from evidence.services import changes
from evidence.services.units import DERIVATIONS, RULES


def timed_parts() -> dict[str, float]:
    """From now on, the seconds spent in each part of a change of this process, in the order of the parts."""
    seconds: dict[str, float] = {}

    def timed(name: str, function: Callable[..., Any]) -> Any:
        seconds[name] = 0.0

        @wraps(function)
        def measured(*arguments: Any, **named: Any) -> Any:
            started = perf_counter()
            found = function(*arguments, **named)
            found = list(found) if hasattr(found, "__next__") else found
            seconds[name] += perf_counter() - started
            return found

        return measured

    changes.Unit.read = timed("reading what was written", changes.Unit.read)  # type: ignore[method-assign]  # to time it
    RULES[:] = [timed(f"rule: {_words(rule)}", rule) for rule in RULES]
    changes.review_findings = timed("rules of review", changes.review_findings)
    changes.settle_review = timed("settling review", changes.settle_review)
    DERIVATIONS[:] = [timed(f"deriving: {_words(derive)}", derive) for derive in DERIVATIONS]
    changes._write = timed("history", changes._write)
    return seconds


def _words(function: Callable[..., Any]) -> str:
    return function.__name__.replace("_", " ")
