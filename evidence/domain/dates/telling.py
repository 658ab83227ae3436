"""A partial date in words, for people who are about to save it."""

from evidence.domain.dates.partial import PartialDate


def told(date: PartialDate) -> str:
    """The days that the date may mean, with its EDTF where that is more than a day."""
    if date.unread:
        return "no date; the words are kept"
    if date.earliest is None and date.latest is None:
        return f"days of no known year (EDTF {date.edtf})"
    if date.earliest == date.latest:
        days = f"{date.earliest}"
    elif date.earliest is None:
        days = f"{date.latest} or earlier"
    elif date.latest is None:
        days = f"{date.earliest} or later"
    else:
        days = f"{date.earliest} to {date.latest}"
    return days if days == date.edtf else f"{days} (EDTF {date.edtf})"
