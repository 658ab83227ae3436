"""Rows asked for by ranges of their row ids are the rows asked for one by one."""

from itertools import pairwise

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from claims.models import Company
from evidence.models import Publisher
from evidence.services.keys import RANGES, among, among_sql, ranges
from tests.factories import CompanyFactory, PublisherFactory
from tests.factories.base import some_change

row_ids = st.lists(st.integers(1, 60), unique=True)


@given(row_ids)
def test_ranges_hold_the_row_ids_and_no_others(keys: list[int]) -> None:
    found = list(ranges(keys))
    assert [key for first, last in found for key in range(first, last + 1)] == sorted(keys)
    assert all(following[0] > last[1] + 1 for last, following in pairwise(found))


@pytest.mark.django_db
@pytest.mark.parametrize("step", [1, 2, 7])
def test_few_ranges_and_many_find_the_same_rows(step: int) -> None:
    with some_change():
        rows = [PublisherFactory().pk for _ in range(3 * RANGES)]
    wanted = [*rows[::step], max(rows) + 1000]
    assert set(Publisher.objects.filter(among("pk", wanted)).values_list("pk", flat=True)) == set(
        rows[::step]
    )
    condition, values = among_sql(["id"], wanted)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM evidence_publisher WHERE {condition}", values)
        assert {row for (row,) in cursor.fetchall()} == set(rows[::step])


@pytest.mark.django_db
def test_no_row_is_among_none() -> None:
    with some_change():
        CompanyFactory()
    assert not Company.objects.filter(among("pk", [])).exists()
