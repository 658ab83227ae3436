"""The table of units: by dimension, the canonical name, the factor to the dimension's base unit, and spellings.

Factors are exact by definition (international yard and pound, US survey aside; litres of the US and the imperial
gallon; kWh in joules). Spellings are looked up as they stand, then, from three letters on, in any case.
"""

Line = tuple[str, str, str]

SIMPLE: dict[str, tuple[Line, ...]] = {
    "count": (
        ("1", "1", ""),
        ("person", "1", "persons"),
    ),
    "ratio": (
        ("%", "1", "percent|per cent|pct|pct."),
        ("‰", "1/10", "per mille|permille"),
        ("ppm", "1/10000", "parts per million"),
        ("ppb", "1/10000000", "parts per billion"),
    ),
    "points": (
        (
            "pp",
            "1",
            "percentage point|percentage points|percentage-point|percentage-points|%-points|% points|%p|%P|p.p.",
        ),
        ("bp", "1/100", "bps|basis point|basis points"),
    ),
    "mass": (
        ("g", "1", "gram|grams|gramme|grammes"),
        ("mg", "1/1000", "milligram|milligrams"),
        ("kg", "1000", "Kg|KG|kgs|kilo|kilos|kilogram|kilograms|kilogramme|kilogrammes"),
        ("t", "1000000", "tonne|tonnes|metric ton|metric tons|metric tonne|metric tonnes|metric-ton"),
        ("kt", "1000000000", "KT|kT|kilotonne|kilotonnes"),
        ("Mt", "1000000000000", "megatonne|megatonnes"),
        ("Gt", "1000000000000000", "gigatonne|gigatonnes"),
        ("lb", "453.59237", "lbs|lb.|lbs.|pound|pounds"),
        ("short ton", "907184.74", "short tons|US ton|US tons|U.S. tons|U.S. ton"),
        ("long ton", "1016046.9088", "long tons|imperial ton|imperial tons"),
        ("avoirdupois oz", "28.349523125", "avoirdupois ounce|avoirdupois ounces|oz avdp"),
        ("troy oz", "31.1034768", "troy ounce|troy ounces|ozt"),
    ),
    "length": (
        ("nm", "1/1000000000", "nanometre|nanometres|nanometer|nanometers"),
        ("µm", "1/1000000", "micron|microns|micrometre|micrometres|micrometer|micrometers"),
        ("mm", "1/1000", "millimetre|millimetres|millimeter|millimeters"),
        ("cm", "1/100", "centimetre|centimetres|centimeter|centimeters"),
        ("m", "1", "metre|metres|meter|meters"),
        ("km", "1000", "KM|Km|kms|kilometre|kilometres|kilometer|kilometers"),
        ("inch", "0.0254", "inches"),
        ("ft", "0.3048", "foot|feet|ft."),
        ("yd", "0.9144", "yard|yards"),
        ("mile", "1609.344", "miles|mi"),
    ),
    "area": (
        ("m²", "1", "m2|m^2|sqm|sq m|sq. m|square metre|square metres|square meter|square meters"),
        ("km²", "1000000", "km2|km^2|sq km|sq. km|square kilometre|square kilometres|square kilometers"),
        ("ha", "10000", "hectare|hectares"),
        ("acre", "4046.8564224", "acres"),
        ("sq ft", "0.09290304", "sqft|sq. ft.|sq. ft|ft²|ft2|square foot|square feet|square-foot"),
        ("sq mile", "2589988.110336", "square mile|square miles|sq miles|sq mi"),
    ),
    "volume": (
        ("ml", "1/1000", "mL|millilitre|millilitres|milliliter|milliliters"),
        ("litre", "1", "l|L|litres|liter|liters"),
        ("m³", "1000", "m3|m^3|cubic metre|cubic metres|cubic meter|cubic meters|cbm|kilolitre|kilolitres"),
        ("US gallon", "3.785411784", "US gallons|U.S. gallon|U.S. gallons"),
        ("imperial gallon", "4.54609", "imperial gallons|UK gallon|UK gallons"),
        ("barrel", "158.987294928", "barrels|bbl|bbls"),
        ("cubic foot", "28.316846592", "cubic feet|ft³|ft3|cu ft"),
    ),
    "time": (
        ("second", "1", "seconds|s|sec|secs"),
        ("minute", "60", "minutes|min|mins"),
        ("hour", "3600", "hours|h|hr|hrs"),
        ("day", "86400", "days|d"),
        ("week", "604800", "weeks|wk|wks"),
        ("month", "2629800", "months|mo|mos"),
        ("year", "31557600", "years|y|yr|yrs|yr.|yrs.|annum"),
    ),
    "temperature": (("K", "1", "kelvin|kelvins"),),
    # What takes prefixes; the prefixed ones are below.
    "power": (("W", "1", "watt|watts"),),
    "energy": (
        ("Wh", "3600", "W·h|watt-hour|watt-hours|watt hour|watt hours"),
        ("J", "1", "joule|joules"),
    ),
    "charge": (("Ah", "1", "amp-hour|amp-hours|amp hours|ampere-hour|ampere-hours|ampere hours"),),
    "voltage": (("V", "1", "volt|volts"),),
    "current": (("A", "1", "ampere|amperes|amp|amps"),),
}

PREFIXES = {
    "m": ("milli", -3),
    "k": ("kilo", 3),
    "M": ("mega", 6),
    "G": ("giga", 9),
    "T": ("tera", 12),
}
# Dimension, symbol, base units in one of it, its prefixes, and its words, which take the spelt prefix.
PREFIXED = (
    ("power", "W", "1", "m k M G T", "watt|watts"),
    ("energy", "Wh", "3600", "m k M G T", "watt-hour|watt-hours|watt hour|watt hours|watthour|watthours"),
    ("energy", "J", "1", "k M G T", "joule|joules"),
    (
        "charge",
        "Ah",
        "1",
        "m k",
        "amp-hour|amp-hours|amp hour|amp hours|ampere-hour|ampere-hours|ampere hours",
    ),
    ("voltage", "V", "1", "m k", "volt|volts"),
    ("current", "A", "1", "m k", "ampere|amperes|amp|amps"),
)
# Spellings (joined by `|`) that documents use for each of several units.
AMBIGUOUS = {
    "ton|tons": "t|short ton|long ton",
    "MT|mt": "t|Mt",
    "kiloton|kilotons": "kt",
    "gallon|gallons|gal": "US gallon|imperial gallon",
    "ounce|ounces|oz|oz.": "avoirdupois oz|troy oz",
    "T": "t",
    "MWH": "MWh",
    "GWH": "GWh",
    "KWH|KWh|kwh": "kWh",
    "KW|Kw|kw": "kW",
}

PER_TIME = {
    "annually": "year",
    "yearly": "year",
    "monthly": "month",
    "weekly": "week",
    "daily": "day",
    "pa": "year",
}
# Abbreviations that hold their "per".
SQUEEZED = {
    "tpa": "t/year",
    "tpy": "t/year",
    "MWhpa": "MWh/year",
    "GWhpa": "GWh/year",
    "tpd": "t/day",
    "tph": "t/hour",
    "ktpa": "kt/year",
    "ktpy": "kt/year",
    "Mtpa": "Mt/year",
    "mtpa": "t/year|Mt/year",
    "mtpy": "t/year|Mt/year",
    "t/a": "t/year",
    "kt/a": "kt/year",
    "Mt/a": "Mt/year",
    "MWh/a": "MWh/year",
    "GWh/a": "GWh/year",
    "kmh": "km/hour",
    "kph": "km/hour",
    "mph": "mile/hour",
    "gpl": "g/litre",
}
