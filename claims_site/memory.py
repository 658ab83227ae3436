"""Python's search for what refers to itself in circles, told what a long-lived process knows better."""

import gc

ALLOCATED = 10_000
"""How many more objects are made than let go before the young ones are looked through; 700 by default."""


def settle() -> None:
    """Once all is loaded: what is there stays, and what is new is looked through less often.

    Looking took a sixth of the time of a long import, and found nothing.
    """
    gc.freeze()
    gc.set_threshold(ALLOCATED, 20, 20)
