"""Bodies of requests, read strictly: one JSON value in UTF-8, of a bounded size, with numbers as they are printed.

Objects come as pairs of names and values in their order, so that a name that stands twice is seen.
"""

import json
from typing import IO, Any

from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from evidence.api.problems import Error, Refused
from evidence.exchange.files.objects import DECODER, NoNumber, Pairs

LARGEST = 8 * 2**20
"""How many bytes a body may have."""


class JSONParser(BaseParser):
    """Reads `application/json`."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: Any = None, parser_context: Any = None) -> Any:
        """The value. Raises Refused with the place of what is wrong."""
        given = stream.read(LARGEST + 1)
        if len(given) > LARGEST:
            message = f"The body has more than {LARGEST // 2**20} MiB; send fewer records at a time."
            raise Refused(413, Error(message, "too_large"))
        return parsed(given)


def parsed(given: bytes) -> Any:
    """The value of a body. Raises Refused with the place of what is wrong."""
    try:
        return DECODER.decode(given.decode())
    except UnicodeDecodeError as error:
        raise _malformed(f"Byte {error.start + 1} of the body is not UTF-8") from error
    except RecursionError as error:
        raise _malformed("The body holds lists or objects too deep in each other") from error
    except NoNumber as error:
        raise _malformed(f"{error} is no number in JSON; write null for what is not known") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _malformed(f"The body is not well-formed JSON ({error.msg}) at {place}") from error


def body_of(request: Request) -> Any:
    """What was sent. Raises Refused where nothing was."""
    if "Transfer-Encoding" in request.headers:
        raise Refused(411, Error("Send the body whole, with its Content-Length.", "length_required"))
    if request.stream is None:
        raise Refused(400, Error("The body is empty; send JSON.", "malformed", pointer=""))
    return request.data


def nothing_sent(request: Request) -> None:
    """That the body is empty, or an empty object. Raises Refused."""
    if request.stream is not None and (request.data != [] or not isinstance(request.data, Pairs)):
        raise Refused(400, Error("This takes no body; send none.", "unexpected_body", pointer=""))


def _malformed(message: str) -> Refused:
    return Refused(400, Error(f"{message}.", "malformed", pointer=""))
