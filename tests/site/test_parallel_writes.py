"""Two programs that change one version of a record at the same moment: exactly one of them does, the other is told."""

import pytest

from tests.site.ledgers import Ledger

TRIES = 30

pytestmark = pytest.mark.deep

CHANGE_TWICE = f"""
from threading import Barrier, Thread
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from claims.models import Company
system = User.objects.get(username="system")
def client():
    found = Client(headers={{"Host": "localhost"}})
    found.force_login(system)
    return found
def write(method, address, body, headers, start, found):
    desk = client()
    start.wait(timeout=30)
    answer = desk.generic(method, address, body, content_type="application/json", headers=headers)
    found.append(answer.status_code)
    connection.close()
def twice(method, address, body, headers):
    start, found = Barrier(2), []
    threads = [
        Thread(target=write, args=(method, address, body % number, headers, start, found)) for number in range(2)
    ]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return sorted(found)
outcomes = dict()
for number in range({TRIES}):
    made = client().post("/api/v1/companies/", dict(name=f"C {{number}}"), content_type="application/json")
    for case in (
        ("PATCH", f"/api/v1/companies/c-{{number}}/", '{{"notes": "%d"}}', {{"If-Match": '"1"'}}),
        ("PUT", f"/api/v1/companies/d-{{number}}/", '{{"name": "%d"}}', {{"If-None-Match": "*"}}),
        ("POST", "/api/v1/companies/", '{{"slug": "e-' + str(number) + '", "name": "%d"}}', {{}}),
    ):
        told = case[0], *twice(*case)
        outcomes[told] = outcomes.get(told, 0) + 1
    assert Company.objects.get(slug=f"c-{{number}}").version == 2
print(sorted(outcomes.items()))
"""


def test_of_two_writes_at_once_exactly_one_is_written(ledger: Ledger) -> None:
    told = ledger.succeed("shell", "--command", CHANGE_TWICE, LEDGER_UNTHROTTLED="1")
    assert f"('PATCH', 200, 412), {TRIES}" in told
    for method, lost in (("PUT", (409, 412)), ("POST", (409,))):
        pieces = [piece for code in lost for piece in told.split(f"('{method}', 201, {code}), ")[1:]]
        assert sum(int(piece.partition(")")[0]) for piece in pieces) == TRIES, told
