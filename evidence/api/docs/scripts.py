"""An operation as a line of curl and as a script in Python, which needs nothing but what comes with it."""

import json
import shlex
from pprint import pformat
from urllib.parse import quote, urlencode

from evidence.api.docs.telling import Shown

TAG = '"7.5f3a9c0e"'
"""An ETag, as a record bears it."""


def curl(shown: Shown, site: str) -> str:
    """The command that asks it."""
    method = [] if shown.method == "GET" else [f"-X {shown.method}"]
    lines = [" ".join(["curl", *method, shlex.quote(_address(shown, site))])]
    lines += [
        f'-H "{name}: {value}"' if "$" in value else f"-H '{name}: {value}'"
        for name, value in _headers(shown)
    ]
    if shown.sent is not None:
        lines.append(f"-d {shlex.quote(_json(shown.sent))}")
    return " \\\n  ".join(lines)


def python(shown: Shown, site: str) -> str:
    """The script that asks it."""
    lines = ["import json", "import os", "import urllib.request", ""]
    if shown.sent is not None:
        lines += [f"body = {pformat(shown.sent, sort_dicts=False, width=88)}"]
    told = ", ".join(f"{name!r}: {_literal(value)}" for name, value in _headers(shown))
    lines += [
        "request = urllib.request.Request(",
        f"    {_address(shown, site)!r},",
        *(["    data=json.dumps(body).encode(),"] if shown.sent is not None else []),
        f"    headers={{{told}}},",
        f"    method={shown.method!r},",
        ")",
        "with urllib.request.urlopen(request) as answer:",
        "    print(answer.status, answer.headers['ETag'])",
    ]
    return "\n".join([*lines, *(["    print(json.load(answer))"] if shown.told is not None else [])])


def _literal(value: str) -> str:
    return f"'{value.replace('$TOKEN', '')}' + os.environ['TOKEN']" if "$TOKEN" in value else repr(value)


def _address(shown: Shown, site: str) -> str:
    path = shown.path
    for one in shown.parameters:
        if one.place == "path":
            path = path.replace("{" + one.name + "}", quote(one.example or "nano-one", safe=""))
    needed = {one.name: one.example for one in shown.parameters if one.place == "query" and one.required}
    return f"{site.rstrip('/')}{path}{'?' + urlencode(needed) if needed else ''}"


def _headers(shown: Shown) -> list[tuple[str, str]]:
    needed = [
        (one.name, one.example or TAG) for one in shown.parameters if one.place == "header" and one.required
    ]
    sends = [("Content-Type", "application/json")] if shown.sent is not None else []
    return [("Authorization", "Token $TOKEN"), *sends, *needed]


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
