"""Things that documents count.

The list is closed: a word that is not in it may be a unit that the ledger does not know ("5 knots", "20 bar"), and
a number with it is refused rather than taken for a count.
"""

import re

from claims.domain.values.magnitudes import magnitude
from claims.domain.values.units import named
from claims.domain.values.words import SPELT

_THINGS = """
acquisition agreement alliance announcement application article asset award bank battery building batch
capsule car case category cell chemistry city claim client collaboration committee company competitor component
conference contract country court customer cycle deal dealer delivery deposit developer director division
document electrolyser electrolyzer entity event experiment facility factory family filing firm fleet founder
fund furnace gigafactory government grade grant home household hub hypothesis indication institute institution
instrument interview inspection investor invention investment item jurisdiction kiln lab laboratory letter
licence license lawsuit licensee licensor line location lorry machine manufacturer market material meeting member
megapack metal mill mine minister ministry mission model module nation newspaper niche node office offer option
order organisation organization outlet pack paper part participant partner partnership party patent phase pilot
plant point-of-sale position power-station press-release prize process producer product project proposal
province publication publisher question reactor refinery region report restriction rocket sale sample school seat
sector share shareholder ship shipment shop site source stage standard state statement station step store
stock-exchange strategy subsidiary substation supplier system talk tariff team technology test tier time title
train trial trip truck turbine unit university variant vehicle vendor version visit vote warehouse warrant website
well workshop
"""
_PEOPLE = """
person people employee worker job engineer scientist researcher staff expert inventor author delegate executive
chemist technician specialist resident inhabitant patient student contractor user
"""

_MODIFIER = re.compile(r"[a-z][a-z'-]*[a-z]", re.IGNORECASE)
_COMPARING = (
    "more",
    "fewer",
    "less",
    "additional",
    "further",
    "extra",
    "times",
    "of",
    "or",
    "to",
    "per",
    "fold",
)
MOST_MODIFIERS = 3
THING, PERSON = "1", "person"


def _plural(word: str) -> str:
    if word == "hypothesis":
        return "hypotheses"
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"


_ALIKE = {"people", "personnel", "staff"}  # in the plural
_SINGULARS = {*_THINGS.split(), *_PEOPLE.split()} - _ALIKE
_THINGS_COUNTED = {form for word in _THINGS.split() for form in (word, _plural(word))} - {
    "mill"
}  # 5 mill is a sum
_PEOPLE_COUNTED = {form for word in _PEOPLE.split() for form in (word, _plural(word))}


def _modifies(word: str) -> bool:
    """Whether the word only tells more of what is counted, and not of how much."""
    is_measure = named(word) or magnitude(word) is not None or SPELT.match(word) or word.lower() == "hundred"
    return bool(_MODIFIER.fullmatch(word)) and not is_measure and word.lower() not in _COMPARING


def counted(words: str) -> str | None:
    """The unit of a counted noun, with up to three plain words before it; None for anything else."""
    *modifiers, noun = words.split(" ")
    if len(modifiers) > MOST_MODIFIERS or not all(map(_modifies, modifiers)):
        return None
    if noun.lower() in _PEOPLE_COUNTED:
        return PERSON
    return THING if noun.lower() in _THINGS_COUNTED else None


def describes_one(words: str) -> bool:
    """Whether a number before the words tells what one thing has: three steps in "3 step process"."""
    *modifiers, noun = words.split(" ")
    return bool(modifiers) and noun.lower() in _SINGULARS
