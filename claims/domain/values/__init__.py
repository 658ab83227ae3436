"""Printed values as sets of possibilities: quantities, money, percentages and dates."""

from claims.domain.values.intervals import Interval
from claims.domain.values.refusal import Refusal, ValueRefused
from claims.domain.values.understanding import TYPES, Understood, understand

__all__ = ["TYPES", "Interval", "Refusal", "Understood", "ValueRefused", "understand"]
