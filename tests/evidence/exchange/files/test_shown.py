"""What Excel shows of a number, format by format."""

from decimal import Decimal

import pytest

from evidence.exchange.files.shown import BUILT_IN, Calendar, Looks, NoDay, number_format, plain

AUGUST = "44044"
"""1 August 2020."""


def shown(number: str, code: str, calendar: Calendar = Calendar.SINCE_1900) -> str:
    return number_format(code).shown(Decimal(number), calendar)


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (AUGUST, "mmm yyyy", "Aug 2020"),
        (AUGUST, "mmm-yy", "Aug-20"),
        (AUGUST, "mmmm\\ yyyy", "August 2020"),
        (AUGUST, "[$-407]mmmm yyyy;@", "August 2020"),
        (AUGUST, "mm/yyyy", "08/2020"),
        (AUGUST, "yyyy-mm", "2020-08"),
        (AUGUST, "yyyy", "2020"),
        (AUGUST, "yy", "20"),
        (AUGUST, "mmmmm", "A"),
        (AUGUST, "d-mmm", "1-Aug"),
        (AUGUST, "dddd", "Saturday"),
        (AUGUST, '"in" mmm yyyy', "in Aug 2020"),
        (AUGUST, "yyyy-mm-dd", "2020-08-01"),
        (AUGUST, "m/d/yy", "2020-08-01"),
        (AUGUST, "dd.mm.yy;@", "2020-08-01"),
        (AUGUST, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "2020-08-01"),
        (AUGUST, "[Red]YYYY/M/D", "2020-08-01"),
        ("44044.75", "yyyy-mm-dd", "2020-08-01"),
        ("44044.75", "yyyy-mm-dd hh:mm:ss", "2020-08-01T18:00:00"),
        ("44044", "yyyy-mm-dd hh:mm:ss", "2020-08-01"),
        ("44044.99999999", "yyyy-mm-dd hh:mm", "2020-08-02"),
        ("0.75", "h:mm", "18:00"),
        ("0.75", "h:mm AM/PM", "6:00 PM"),
        ("0.0104166666666667", "hh:mm am/pm", "12:15 AM"),
        ("0.521", "mm:ss.0", "30:14.4"),
        ("1.5", "[h]:mm", "36:00"),
        ("0.5", "[mm]:ss", "720:00"),
        ("0.5", "[ss]", "43200"),
        ("1", "yyyy-mm-dd", "1900-01-01"),
        ("59", "yyyy-mm-dd", "1900-02-28"),
        ("61", "yyyy-mm-dd", "1900-03-01"),
        ("2958465", "yyyy-mm-dd", "9999-12-31"),
    ],
)
def test_a_date_is_shown_as_precisely_as_its_format(number: str, code: str, text: str) -> None:
    assert shown(number, code) == text


@pytest.mark.parametrize(
    ("number", "text"), [("0", "1904-01-01"), ("42582", "2020-08-01"), ("60", "1904-03-01")]
)
def test_a_workbook_may_count_from_1904(number: str, text: str) -> None:
    assert shown(number, "yyyy-mm-dd", Calendar.SINCE_1904) == text


@pytest.mark.parametrize("number", ["0", "60", "-1", "2958466", "1E300", "0.99"])
def test_a_number_that_is_no_day_is_none(number: str) -> None:
    with pytest.raises(NoDay):
        shown(number, "yyyy-mm-dd")


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        ("0.049", "0.0%", "4.9%"),
        ("0.049", "0%", "5%"),
        ("0.05", "0.00%", "5.00%"),
        ("0.0487654", "0.0#%", "4.88%"),
        ("0.05", "0.0#%", "5.0%"),
        ("0.05", "#,##0.##%", "5%"),
        ("-0.125", "0.0%;[Red]-0.0%", "-12.5%"),
        ("-0.0001", "0%", "0%"),
        ("0.28999999999999998", "0.0%", "29.0%"),
        ("12", "0%", "1200%"),
        ("1E300", "0%", "1" + "0" * 302 + "%"),
        ("0.0005", '0.0%" a year"', "0.1%"),
    ],
)
def test_a_percentage_is_shown_as_its_format_says(number: str, code: str, text: str) -> None:
    assert shown(number, code) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("5.0", "5"),
        ("0.30000000000000004", "0.3"),
        ("45.37", "45.37"),
        ("1234567.8900000001", "1234567.89"),
        ("12345678901234567", "12345678901234600"),
        ("-0.0", "0"),
        ("1E-7", "0.0000001"),
        ("1.5E+20", "150000000000000000000"),
        ("1E+300", "1E+300"),
        ("2.5E-40", "2.5E-40"),
        ("100", "100"),
    ],
)
def test_a_number_is_shown_without_noise(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


@pytest.mark.parametrize(
    "code",
    ["", "General", "GENERAL", "0.00", "#,##0;[Red]-#,##0", "0.00E+00", "# ?/?", "@", '0.0" days"', "[$€-407] #,##0.00",
     '_-* #,##0.00\\ "€"_-', '#,##0\\ \\d', 'General" MWh"', "[>=1000]0;0.0"],
)  # fmt: skip
def test_other_formats_show_the_number(code: str) -> None:
    assert number_format(code).looks is Looks.NUMBER
    assert shown("1234.5", code) == "1234.5"


@pytest.mark.parametrize(
    "code", ['"', "\\", "[", "[h", "yyyy\\", "*", "_", ";;;", "y" * 5000, "[$-", "am/pm", ".0.0%"]
)
def test_no_format_is_too_odd(code: str) -> None:
    assert isinstance(shown("44044.5", code), str)


def test_the_formats_that_have_a_number_only_are_known() -> None:
    assert {number: number_format(code).looks for number, code in BUILT_IN.items() if number < 15} == {
        9: Looks.PERCENT,
        10: Looks.PERCENT,
        14: Looks.MOMENT,
    }
