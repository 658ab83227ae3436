"""Cycles in relations that must not have any: origins, parts, premises, parents."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def find_cycle(edges: Mapping[Node, Iterable[Node]], starts: Iterable[Node]) -> list[Node]:
    """A cycle that can be reached from one of the starts, first node repeated last; empty where there is none.

    Depth-first search with an explicit stack, so that long chains do not exhaust Python's.
    """
    done: set[Node] = set()
    for start in starts:
        path: list[Node] = []
        on_path: set[Node] = set()
        stack: list[tuple[Node, bool]] = [(start, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                path.pop()
                on_path.discard(node)
                done.add(node)
            elif node in on_path:
                return [*path[path.index(node) :], node]
            elif node not in done:
                path.append(node)
                on_path.add(node)
                stack.append((node, True))
                stack.extend((following, False) for following in edges.get(node, ()))
    return []
