"""Our factors between units against those of pint, under names given here one by one: it never reads a document's."""

from decimal import Decimal
from fractions import Fraction

import pint
import pytest

from claims.domain.values.units import _spellings, unit

# Ours → pint's.
NAMES = {
    "person": "",
    "%": "percent",
    "‰": "permille",
    "ppm": "ppm",
    "pp": "percent",
    "g": "gram",
    "mg": "milligram",
    "kg": "kilogram",
    "t": "metric_ton",
    "kt": "kilometric_ton",
    "Mt": "megametric_ton",
    "Gt": "gigametric_ton",
    "lb": "pound",
    "short ton": "short_ton",
    "long ton": "long_ton",
    "avoirdupois oz": "ounce",
    "troy oz": "troy_ounce",
    "nm": "nanometer",
    "µm": "micrometer",
    "mm": "millimeter",
    "cm": "centimeter",
    "m": "meter",
    "km": "kilometer",
    "inch": "inch",
    "ft": "foot",
    "yd": "yard",
    "mile": "mile",
    "m²": "meter ** 2",
    "km²": "kilometer ** 2",
    "ha": "hectare",
    "sq ft": "foot ** 2",
    "sq mile": "mile ** 2",
    "ml": "milliliter",
    "litre": "liter",
    "m³": "meter ** 3",
    "US gallon": "gallon",
    "imperial gallon": "imperial_gallon",
    "barrel": "oil_barrel",
    "cubic foot": "foot ** 3",
    "second": "second",
    "minute": "minute",
    "hour": "hour",
    "day": "day",
    "week": "week",
    "month": "month",
    "year": "year",
    "K": "kelvin",
    "W": "watt",
    "mW": "milliwatt",
    "kW": "kilowatt",
    "MW": "megawatt",
    "GW": "gigawatt",
    "TW": "terawatt",
    "Wh": "watt * hour",
    "mWh": "milliwatt * hour",
    "kWh": "kilowatt * hour",
    "MWh": "megawatt * hour",
    "GWh": "gigawatt * hour",
    "TWh": "terawatt * hour",
    "J": "joule",
    "kJ": "kilojoule",
    "MJ": "megajoule",
    "GJ": "gigajoule",
    "TJ": "terajoule",
    "Ah": "ampere * hour",
    "mAh": "milliampere * hour",
    "kAh": "kiloampere * hour",
    "V": "volt",
    "mV": "millivolt",
    "kV": "kilovolt",
    "A": "ampere",
    "mA": "milliampere",
    "kA": "kiloampere",
}
UNKNOWN_TO_PINT = {"1", "ppb", "bp", "acre"}  # its acre is of US survey feet
BASES = {
    "count": "",
    "ratio": "percent",
    "points": "percent",
    "mass": "gram",
    "length": "meter",
    "area": "meter ** 2",
    "volume": "liter",
    "time": "second",
    "temperature": "kelvin",
    "power": "watt",
    "energy": "joule",
    "charge": "ampere * hour",
    "voltage": "volt",
    "current": "ampere",
}


@pytest.fixture(scope="module")
def registry() -> pint.UnitRegistry:
    return pint.UnitRegistry(non_int_type=Decimal, cache_folder=None)


def test_every_unit_has_a_name_in_pint_or_is_known_to_have_none() -> None:
    ours = {found.name for meant in _spellings()[0].values() for found in meant if "/" not in found.name}
    assert ours == NAMES.keys() | UNKNOWN_TO_PINT


@pytest.mark.parametrize("ours", NAMES)
def test_a_unit_holds_as_many_of_its_base_unit_as_in_pint(ours: str, registry: pint.UnitRegistry) -> None:
    found = unit(ours)
    theirs = registry.Quantity(Decimal(1), NAMES[ours]).to(BASES[found.dimension]).magnitude
    assert abs(Fraction(theirs) / found.factor - 1) < Fraction(1, 10**12)
