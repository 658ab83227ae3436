"""Whether two claims of one subject and predicate can both be true."""

from claims.domain.comparing.pairs import compare
from claims.domain.comparing.statements import Rate, Rates, Statement, Terms
from claims.domain.comparing.verdicts import Comparison, Verdict

__all__ = ["Comparison", "Rate", "Rates", "Statement", "Terms", "Verdict", "compare"]
