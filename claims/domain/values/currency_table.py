"""Currencies: ISO 4217 codes, and the signs and words that documents use for one of them or for several.

A bare "$" or "dollar" may be any currency called a dollar. Signs are looked up as they stand, words in any case.
"""

_ISO_4217 = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD
HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL
LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR
PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP
TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
"""
CODES = frozenset(_ISO_4217.split())


def _codes(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


DOLLARS = _codes("USD CAD AUD NZD HKD SGD TWD BBD BMD BND BSD BZD FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD")
POUNDS = _codes("GBP EGP FKP GIP LBP SDG SHP SSP SYP")
KRONER = _codes("DKK ISK NOK SEK")
RUPEES = _codes("INR LKR MUR NPR PKR SCR")
FRANCS = _codes("CHF BIF CDF DJF GNF KMF RWF XAF XOF XPF")
PESOS = _codes("ARS CLP COP CUP DOP MXN PHP UYU")

_SIGNS = {
    "USD": "US$|U.S.$|U.S$|$US|USD$|US dollar|U.S. dollar|American dollar|United States dollar",
    "CAD": "C$|CA$|CAN$|Can$|CDN$|Cdn$|CAD$|$CAD|$CDN|Canadian dollar|CDN|Cdn",
    "AUD": "A$|AU$|AUD$|$AUD|Australian dollar",
    "NZD": "NZ$|NZD$|New Zealand dollar",
    "HKD": "HK$|HKD$|Hong Kong dollar",
    "SGD": "S$|SG$|SGD$|Singapore dollar|Singaporean dollar",
    "TWD": "NT$|New Taiwan dollar|Taiwan dollar",
    "BRL": "R$|Brazilian real|Brazilian reais|reais",
    "EUR": "€|euro",
    "GBP": "£|UK£|pound sterling|pounds sterling|British pound|sterling",
    "JPY": "JP¥|円|yen|Japanese yen",
    "CNY": "CN¥|RMB|renminbi|yuan|Chinese yuan|yuan renminbi|人民币",
    "KRW": "₩|won|South Korean won|Korean won",
    "CHF": "Swiss franc|SFr|Fr.",
    "INR": "₹|Indian rupee",
    "SEK": "Swedish krona|Swedish kronor",
    "NOK": "Norwegian krone|Norwegian kroner",
    "DKK": "Danish krone|Danish kroner",
    "PLN": "zł|zloty|Polish zloty",
    "CZK": "Kč|Czech koruna|koruna",
    "HUF": "forint|Hungarian forint",
    "RUB": "₽|Russian rouble|Russian ruble",
    "TRY": "₺|Turkish lira",
    "ILS": "₪|shekel|Israeli shekel",
    "THB": "฿|baht|Thai baht",
    "PHP": "₱|Philippine peso",
    "VND": "₫|Vietnamese dong",
    "UAH": "₴|hryvnia",
    "IDR": "Rp|rupiah|Indonesian rupiah",
    "MYR": "RM|ringgit|Malaysian ringgit",
    "ZAR": "rand|South African rand",
    "MXN": "MX$|Mex$|Mexican peso",
    "CLP": "Chilean peso",
    "ARS": "Argentine peso|Argentinian peso",
    "SAR": "Saudi riyal",
    "AED": "UAE dirham|Emirati dirham",
    "MAD": "Moroccan dirham",
}
_SEVERAL = {
    "$|dollar": DOLLARS,
    "pound": POUNDS,
    "¥": ("CNY", "JPY"),
    "kr|krone|krona|kroner|kronor": KRONER,
    "Rs|Rs.|rupee": RUPEES,
    "franc": FRANCS,
    "peso": PESOS,
    "rouble|ruble": ("BYN", "RUB"),
    "lira": ("LBP", "SYP", "TRY"),
    "dirham": ("AED", "MAD"),
}
# Codes that are also written small; others are only read in capitals, since many are words ("all", "try", "top").
_SMALL_CODES = ("USD", "CAD", "EUR", "GBP", "AUD", "JPY", "CNY", "KRW", "CHF")
_LEAST_WORD = 3  # letters of what is looked up in any case


def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {code: (code,) for code in CODES}
    table.update({code.lower(): (code,) for code in _SMALL_CODES})
    for spellings, codes in (*((spelled, (code,)) for code, spelled in _SIGNS.items()), *_SEVERAL.items()):
        for spelling in spellings.split("|"):
            table[spelling] = codes
            if len(spelling) >= _LEAST_WORD and spelling.endswith("$"):
                table[f"{spelling[:-1]} $"] = codes
            if len(spelling) >= _LEAST_WORD and spelling.replace(" ", "").replace(".", "").isalpha():
                table[spelling.lower()] = table[f"{spelling.lower()}s"] = codes
    return table


TABLE = _table()
LONGEST = max(map(len, TABLE))


def currencies(spelling: str) -> tuple[str, ...]:
    """The currencies that a sign, a code or a word may mean, none if it is not known."""
    return TABLE.get(spelling) or (TABLE.get(spelling.lower(), ()) if _is_words(spelling) else ())


def _is_words(spelling: str) -> bool:
    """Whether the case of the letters says nothing, as it does in a code and in Rp or RM."""
    return len(spelling) > _LEAST_WORD
