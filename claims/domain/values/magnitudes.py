"""Words and letters that multiply the number before them.

`M` is a million, as the press writes it, never the thousand of older American accounts; a billion is a thousand
millions. `m` is a million beside a currency and before another word ("5m tonnes"), `t`, `T`, `mm` and `MM` are
magnitudes beside a currency only: elsewhere they are units, or may be.
"""

from decimal import Decimal

THOUSAND, MILLION, BILLION, TRILLION = (Decimal(10) ** power for power in (3, 6, 9, 12))

# In any case of letters.
WORDS = {
    "thousand": THOUSAND,
    "lakh": Decimal(10) ** 5,
    "lakhs": Decimal(10) ** 5,
    "million": MILLION,
    "millions": MILLION,
    "mn": MILLION,
    "mln": MILLION,
    "mio": MILLION,
    "crore": Decimal(10) ** 7,
    "crores": Decimal(10) ** 7,
    "billion": BILLION,
    "billions": BILLION,
    "bn": BILLION,
    "bln": BILLION,
    "mrd": BILLION,
    "trillion": TRILLION,
    "trillions": TRILLION,
    "tn": TRILLION,
    "trn": TRILLION,
}
# As written.
LETTERS = {
    "k": THOUSAND,
    "K": THOUSAND,
    "M": MILLION,
    "m": MILLION,
    "B": BILLION,
    "b": BILLION,
    "T": TRILLION,
}
BESIDE_CURRENCIES = {"t": TRILLION, "mm": MILLION, "MM": MILLION}


def magnitude(word: str, beside_currency: bool = False) -> Decimal | None:
    """What the word multiplies by; None if it is no magnitude."""
    letters = LETTERS | BESIDE_CURRENCIES if beside_currency else LETTERS
    return letters.get(word) or WORDS.get(word.lower().rstrip("."))
