"""Texts that are dates become days; which order day and month have, the values decide."""

import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsize_engine.data.parse_dates import date_text, month_and_weekday, places_without_date
from nnsize_engine.data.readings import AmbiguousTextsError, NotationRules, choose, find_readings

DATES = st.lists(st.dates(), min_size=1, max_size=8)
FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y")


def days_of(texts: list[str]) -> Any:
    """Return days since 1970, shape (texts,); None if a text is no date."""
    readings = find_readings(texts, NotationRules(has_numbers=False))
    if not readings or readings[0].kind != "date":
        return None
    return choose(readings).values


def days(dates: list[datetime.date]) -> list[float]:
    return [float((date - datetime.date(1970, 1, 1)).days) for date in dates]


def written(date: datetime.date, form: str) -> str:
    return form.replace("%Y", f"{date.year:04}").replace("%m", f"{date.month:02}").replace("%d", f"{date.day:02}")


@given(DATES, st.sampled_from(FORMS))
def test_dates_in_every_known_form_are_days_since_1970(dates: list[datetime.date], form: str) -> None:
    dates = [*dates, datetime.date(2024, 1, 31)]  # which decides between day and month
    found = days_of([written(date, form) for date in dates])
    assert found is not None
    assert found.tolist() == days(dates)


@given(st.datetimes(datetime.datetime(1900, 1, 1), datetime.datetime(2200, 1, 1)), st.sampled_from(["T", " "]))
def test_a_time_of_day_is_a_fraction(moment: datetime.datetime, between: str) -> None:
    found = days_of([moment.isoformat(between)])
    assert found is not None
    assert found[0] == pytest.approx((pd.Timestamp(moment) - pd.Timestamp(0)) / pd.Timedelta(days=1), rel=1e-14)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("1970-01-01T06:00Z", 6), ("1970-01-01T06:00:00+02:00", 4), ("1970-01-01 06:00-0230", 8.5),
        ("01.01.1970 6:30", 6.5), ("1970/1/1 18:00", 18),
    ],
)  # fmt: skip
def test_a_time_zone_is_taken_to_utc(text: str, hours: float) -> None:
    found = days_of([text])
    assert found is not None
    assert found[0] * 24 == pytest.approx(hours)


@pytest.mark.parametrize("texts", [["01/02/2024", "03/04/2024"], ["1-2-2024"]])
def test_dates_that_may_be_read_in_two_ways_are_not_guessed(texts: list[str]) -> None:
    with pytest.raises(AmbiguousTextsError):
        days_of(texts)


@pytest.mark.parametrize(
    "texts",
    [["2024-02-30"], ["2024-01-01", "soon"], ["13/13/2024"], ["2024-13-01"], ["20240101"], ["12:30"], ["1.2.3"], []],
)
def test_other_texts_are_no_dates(texts: list[str]) -> None:
    assert days_of(texts) is None


LONG_FORMS = (
    "%Y-%m", "%Y/%m", "%m/%Y", "%b %Y", "%B %Y", "%b-%y", "%d-%b-%Y", "%d %B %Y", "%b %d %Y", "%B %d, %Y", "%d.%m.%y",
    "%d/%m/%y", "%m/%d/%y", "%d-%b-%y", "%Y %b %d", "%d%b%Y", "%a %d %b %Y", "%m/%d/%Y %I:%M %p", "%d/%m/%y %H:%M",
    "%b %d, %Y %I:%M:%S %p", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ",
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.datetimes(datetime.datetime(1969, 1, 1), datetime.datetime(2068, 12, 31)), min_size=1, max_size=8),
    st.sampled_from(LONG_FORMS),
)
def test_dates_are_those_of_pandas_with_the_format(moments: list[datetime.datetime], form: str) -> None:
    moments = [*moments, datetime.datetime(1999, 1, 31)]  # which decides between day and month
    texts = [moment.strftime(form) for moment in moments]
    expected = pd.to_datetime(texts, format=form)
    since = (expected.tz_localize(None) - pd.Timestamp(0)) / pd.Timedelta(days=1)
    found = days_of(texts)
    assert found is not None
    np.testing.assert_allclose(found, since, rtol=0, atol=1e-9)
    np.testing.assert_allclose(choose(find_readings(texts, NotationRules(date_format=form))).values, since, atol=1e-9)


@given(st.lists(st.times(), min_size=1, max_size=8), st.sampled_from(["%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p"]))
def test_times_of_day_are_hours(times: list[datetime.time], form: str) -> None:
    texts = [time.strftime(form) for time in times]
    midnight = pd.Timestamp("1900-01-01")
    expected = (pd.to_datetime(texts, format=form) - midnight) / pd.Timedelta(hours=1)
    (reading,) = find_readings(texts, NotationRules())
    assert (reading.kind, reading.notation) == ("number", ("time",))
    np.testing.assert_allclose(reading.values, expected, rtol=1e-14)


@pytest.mark.parametrize(
    ("texts", "hours"),
    [
        (["6 pm", "8 pm"], [18, 20]),
        (["6 pm", "12 am"], [18, 0]),
        (["24:00"], [24]),
        (["2:45:30.5"], [2.758472222222222]),
    ],
)
def test_other_times_are_hours(texts: list[str], hours: list[float]) -> None:
    assert find_readings(texts, NotationRules())[0].values == pytest.approx(hours)


@pytest.mark.parametrize("texts", [["13 pm"], ["12:60"], ["noon"], ["16:9"]])
def test_other_texts_are_no_times(texts: list[str]) -> None:
    assert find_readings(texts, NotationRules()) == []


@pytest.mark.parametrize("texts", [["01-02-03", "04-05-06"], ["1/2/80", "3/4/80"]])
def test_short_years_with_two_readings_are_not_guessed(texts: list[str]) -> None:
    with pytest.raises(AmbiguousTextsError):
        days_of(texts)


def test_the_chosen_order_of_day_and_month_is_taken() -> None:
    texts = ["01/02/2024", "03/04/2024"]
    assert choose(find_readings(texts, NotationRules(day_first=True))).values.tolist() == [19754, 19816]
    assert choose(find_readings(texts, NotationRules(day_first=False))).values.tolist() == [19724, 19786]
    named = ["Jan 2, 2024", "March 4, 2024"]  # whose order is plain
    assert choose(find_readings(named, NotationRules(day_first=True))).values.tolist() == [19724, 19786]


@given(DATES)
def test_month_and_weekday_are_those_of_the_calendar(dates: list[datetime.date]) -> None:
    months, weekdays = month_and_weekday(np.array([*days(dates), np.nan]))
    assert months.tolist() == [*(date.month for date in dates), -1]
    assert weekdays.tolist() == [*(date.weekday() for date in dates), -1]


def test_a_day_is_shown_with_its_time_if_it_has_one() -> None:
    assert date_text(19723.0) == "2024-01-01"
    assert date_text(19723.5) == "2024-01-01T12:00:00"


@given(DATES, st.sampled_from(FORMS), st.sampled_from(["2024-02-30", "31/02/2024", "soon", "", "2024", "29.2.2023"]))
def test_the_text_that_keeps_a_column_from_being_dates_is_found(
    dates: list[datetime.date], form: str, other: str
) -> None:
    texts = [*(written(date, form) for date in dates), written(datetime.date(2024, 1, 31), form)]
    assert places_without_date([*texts, other, *texts]) == [len(texts)]


@pytest.mark.parametrize("time", ["6:00", "06:00:00.1", "06:00:00.123456789", "06:00Z", "06:00 UTC", "6:00-0230"])
def test_a_date_with_a_time_of_day_is_one(time: str) -> None:
    texts = [f"2024-01-01 {time}", f"2024-01-02 {time}"]
    assert days_of(texts) is not None
    assert places_without_date([*texts, f"2024-02-30 {time}"]) == [2]


def test_texts_of_which_most_are_no_dates_are_labels_without_doubt() -> None:
    assert places_without_date(["2024-01-01", "new", "old"]) == []
    assert places_without_date([]) == []
