"""The verdict on two claims: first what their values are to each other, then what sets the claims apart.

Two values conflict if the sets they stand for are apart and the predicate has one value; a value and its negation
conflict whatever the predicate, if nothing of the value is left outside what is denied. What one name or one "$"
leaves open is tried in every reading: what holds in some of them is compatible if that reading is meant.
"""

from collections.abc import Sequence
from dataclasses import replace

from claims.domain.comparing.separators import WEAK, dated, separators
from claims.domain.comparing.sets import NotComparable, Relation, of_days, of_money, of_numbers
from claims.domain.comparing.statements import CODE, DATE, ENTITY, MONEY, NONE, TEXT, Rates, Statement, Terms
from claims.domain.comparing.verdicts import Comparison, Verdict

COUNTED = "1"  # the unit that is not printed
MOST_NAMED = 3  # readings that an explanation lists
ALIKE = Relation(apart=False, same=True, a_within_b=True, b_within_a=True)
UNLIKE = Relation(apart=True)


def compare(a: Statement, b: Statement, terms: Terms, rates: Rates) -> Comparison:
    """The verdict on two claims of one subject and predicate."""
    value = compare_values(a, b, terms, rates)
    apart = separators(a, b, terms)
    if not apart:
        return value if _both_dated(a, b, terms) else _undated(value, a, b, terms)
    name, reason = next(iter(apart.items()))
    return Comparison(
        Verdict.SEPARATED,
        f"They are set apart by {name}: {reason}.",
        value.sets,
        value.reading,
        value.conversion,
        separator=name,
        nearly=value.verdict is Verdict.CONFLICTING and apart.keys() <= WEAK and _both_dated(a, b, terms),
        of_values=value.verdict,
    )


def contradict(a: Statement, b: Statement, terms: Terms, rates: Rates) -> bool:
    """Whether the verdict on two claims is `conflicting`; without the words for it, where there are many to compare."""
    if not _both_dated(a, b, terms) or separators(a, b, terms):
        return False
    return _agreement(a, b, terms, rates) is False


def agree(a: Statement, b: Statement, terms: Terms, rates: Rates) -> bool:
    """Whether the values alone can both be true, as `Comparison.agree` says."""
    return _agreement(a, b, terms, rates) is True


def _both_dated(a: Statement, b: Statement, terms: Terms) -> bool:
    return dated(a, terms) and dated(b, terms)


def _undated(value: Comparison, a: Statement, b: Statement, terms: Terms) -> Comparison:
    """Two claims of which one speaks of days that are not known."""
    unknown = a if not dated(a, terms) else b
    told = f"They are not comparable: it is not known which days “{unknown.when}” means."
    return replace(value, verdict=Verdict.NOT_COMPARABLE, explanation=told, reading="", conversion="")


def _agreement(a: Statement, b: Statement, terms: Terms, rates: Rates) -> bool | None:
    """Whether the values alone can both be true; None where they are not comparable."""
    if terms.value_type == TEXT:
        return True if _same_words(a, b) else None
    try:
        relations = _relations(a, b, terms, rates)
    except NotComparable:
        return None
    possible = any(_can_both_hold(relation, a, b, terms) for relation in relations)
    return possible or not _of_known_objects(a, b, terms)


def compare_values(a: Statement, b: Statement, terms: Terms, rates: Rates) -> Comparison:
    """The verdict on the values alone, whatever sets the claims apart."""
    return _of_doubtful_object(_of_values(a, b, terms, rates), a, b, terms)


def _of_values(a: Statement, b: Statement, terms: Terms, rates: Rates) -> Comparison:
    shown = (as_read(a, terms), as_read(b, terms))
    if terms.value_type == TEXT:
        return _of_texts(a, b, shown)
    try:
        relations = _relations(a, b, terms, rates)
    except NotComparable as reason:
        return _found(Verdict.NOT_COMPARABLE, f"They are not comparable: {reason}.", shown)
    return _judged(relations, a, b, terms, shown)


def _found(
    verdict: Verdict, told: str, shown: tuple[str, str], reading: str = "", conversion: str = ""
) -> Comparison:
    return Comparison(verdict, told, shown, reading, conversion, of_values=verdict)


def _relations(a: Statement, b: Statement, terms: Terms, rates: Rates) -> list[Relation]:
    if terms.value_type == NONE:
        return [ALIKE]
    if terms.value_type == ENTITY:
        return _of_entities(a, b)
    if terms.value_type == CODE:
        return [ALIKE if a.code.casefold() == b.code.casefold() else UNLIKE]
    if terms.value_type == DATE:
        if not (a.days and b.days):
            raise NotComparable("one of the dates is not understood")
        return [of_days(a.days, b.days, terms.tolerance)]
    if not (a.value and b.value) or a.value.refused or b.value.refused:
        raise NotComparable("one of the values is not understood")
    if terms.value_type == MONEY:
        return of_money(a, b, terms.tolerance, rates)
    return [of_numbers(a.value, b.value, terms.tolerance)]


def _of_entities(a: Statement, b: Statement) -> list[Relation]:
    """One relation for each pair of entities that two objects may be; an ambiguous name is one in one source."""
    if not (a.objects and b.objects):
        raise NotComparable("one of the claims names no object")
    if _same_objects(a, b):
        return [ALIKE]
    return [
        replace(ALIKE if one == other else UNLIKE, reading=_pair(one, other))
        for one in sorted(a.objects)
        for other in sorted(b.objects)
    ]


def _judged(
    relations: Sequence[Relation], a: Statement, b: Statement, terms: Terms, shown: tuple[str, str]
) -> Comparison:
    possible = [relation for relation in relations if _can_both_hold(relation, a, b, terms)]
    known = _known(possible or relations)
    conversion = "; ".join(found.conversion for found in known[:MOST_NAMED] if found.conversion)
    if not possible:
        return _found(
            Verdict.CONFLICTING, _why_conflicting(a, b, terms, conversion), shown, conversion=conversion
        )
    if len(possible) < len(relations) or any(found.supposed for found in possible):
        reading = _readings(known)
        told = f"Both can hold if {reading} is meant{_rated(conversion)}."
        return _found(Verdict.COMPATIBLE_IF, told, shown, reading, conversion)
    if a.negated == b.negated and all(found.same for found in relations):
        return _found(Verdict.EQUAL, f"Both say {shown[0]}.", shown)
    if all(found.apart for found in relations):
        why = "what is denied is something else" if a.negated or b.negated else "more than one value may hold"
        return _found(Verdict.COMPATIBLE, f"They differ, but {why}: {shown[0]} and {shown[1]}.", shown)
    told = f"{shown[0]} and {shown[1]} can both be true{_rated(conversion)}."
    return _found(Verdict.COMPATIBLE, told, shown, conversion=conversion)


def _can_both_hold(relation: Relation, a: Statement, b: Statement, terms: Terms) -> bool:
    if relation.supposed or (a.negated and b.negated):
        return True
    if a.negated or b.negated:
        return not (relation.b_within_a if a.negated else relation.a_within_b)
    return not (relation.apart and terms.single_valued)


def _why_conflicting(a: Statement, b: Statement, terms: Terms, conversion: str) -> str:
    one, other = _said(a, terms), _said(b, terms)
    if a.negated != b.negated:
        denied, said = (one, other) if a.negated else (other, one)
        return f"One says {said}, and the other {denied}{_rated(conversion)}."
    return f"{one} and {other} have nothing in common{_rated(conversion)}."


def _said(statement: Statement, terms: Terms) -> str:
    """The value as printed, with the set that it stands for where that says it differently."""
    understood = as_read(replace(statement, negated=False), terms)
    printed = statement.value.input if statement.value else statement.days.printed if statement.days else ""
    said = understood if not printed or printed in understood else f"{printed} ({understood})"
    return f"not {said}" if statement.negated else said


def _of_texts(a: Statement, b: Statement, shown: tuple[str, str]) -> Comparison:
    if _same_words(a, b):
        return _found(Verdict.EQUAL, "Both have the same words.", shown)
    return _found(Verdict.NOT_COMPARABLE, "Texts are for people to compare.", shown)


def _same_words(a: Statement, b: Statement) -> bool:
    return a.code == b.code and a.negated == b.negated


def _of_known_objects(a: Statement, b: Statement, terms: Terms) -> bool:
    """Whether there is no doubt that both speak of one object, or that they speak of two, which separates them."""
    return terms.value_type == ENTITY or a.objects.isdisjoint(b.objects) or _same_objects(a, b)


def _same_objects(a: Statement, b: Statement) -> bool:
    """Whether both name the same; an ambiguous name is one entity in one source."""
    return a.objects == b.objects and (len(a.objects) <= 1 or not a.sources.isdisjoint(b.sources))


def _of_doubtful_object(value: Comparison, a: Statement, b: Statement, terms: Terms) -> Comparison:
    """Values conflict, or are the same, only if both speak of one object, which an ambiguous name leaves open."""
    if value.verdict not in (Verdict.CONFLICTING, Verdict.EQUAL) or _of_known_objects(a, b, terms):
        return value
    names = " and ".join(" or ".join(sorted(objects)) for objects in (a.objects, b.objects))
    if value.verdict is Verdict.EQUAL:
        told = f"{value.explanation.removesuffix('.')}, if of one object or of two: {names}."
        return _found(Verdict.COMPATIBLE, told, value.sets)
    told = f"Both can hold if they speak of different objects: {names}."
    return _found(Verdict.COMPATIBLE_IF, told, value.sets, "different objects", value.conversion)


def _known(relations: Sequence[Relation]) -> Sequence[Relation]:
    """The readings of which it is known how the values lie to each other; all where there is none."""
    return [relation for relation in relations if not relation.supposed] or relations


def _readings(known: Sequence[Relation]) -> str:
    told = [f"{found.reading} (no rate is known)" if found.supposed else found.reading for found in known]
    return " or ".join([*told[:MOST_NAMED], *(["another"] if len(told) > MOST_NAMED else [])])


def _pair(one: str, other: str) -> str:
    return one if one == other else f"{one} and {other}"


def _rated(conversion: str) -> str:
    return f", at {conversion}" if conversion else ""


def as_read(statement: Statement, terms: Terms) -> str:
    """The set as it was used."""
    if terms.value_type == ENTITY:
        said = " or ".join(sorted(statement.objects))
    elif terms.value_type == DATE:
        said = statement.days.edtf if statement.days else ""
    elif terms.value_type in (CODE, TEXT):
        said = f"“{statement.code}”"
    elif terms.value_type == NONE:
        said = "that it is so"
    else:
        said = _numbers_shown(statement)
    return f"not {said}" if statement.negated else said


def _numbers_shown(statement: Statement) -> str:
    value = statement.value
    if value is None or value.interval is None:
        return f"“{value.input}”" if value else ""
    if not value.currencies:
        return value.interval.worded("" if value.unit == COUNTED else value.unit)
    rest = " …" if len(value.currencies) > MOST_NAMED else ""
    return value.interval.worded(" or ".join(value.currencies[:MOST_NAMED]) + rest)
