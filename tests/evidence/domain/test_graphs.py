"""Cycles: found where there is one, and only there."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from evidence.domain.graphs import find_cycle

graphs = st.dictionaries(st.integers(0, 7), st.lists(st.integers(0, 7), max_size=3), max_size=8)


def reachable(edges: dict[int, list[int]], starts: list[int]) -> set[int]:
    found, waiting = set[int](), list(starts)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += edges.get(node, [])
    return found


def has_order(edges: dict[int, list[int]], nodes: set[int]) -> bool:
    """Whether the nodes can be taken away one after the other, each once nothing points to it: no cycle."""
    left = set(nodes)
    while left:
        free = {node for node in left if not any(node in edges.get(other, []) for other in left)}
        if not free:
            return False
        left -= free
    return True


@given(graphs, st.lists(st.integers(0, 7), max_size=4))
def test_a_cycle_is_found_exactly_where_the_nodes_have_no_order(
    edges: dict[int, list[int]], starts: list[int]
) -> None:
    assert bool(find_cycle(edges, starts)) != has_order(edges, reachable(edges, starts))


@given(graphs, st.lists(st.integers(0, 7), max_size=4))
def test_a_found_cycle_is_a_closed_path_along_the_edges(
    edges: dict[int, list[int]], starts: list[int]
) -> None:
    cycle = find_cycle(edges, starts)
    assert all(following in edges[node] for node, following in itertools.pairwise(cycle))
    if cycle:
        assert cycle[0] == cycle[-1]
        assert len(cycle) == len(set(cycle)) + 1


def test_a_long_chain_does_not_exhaust_the_stack() -> None:
    chain = {node: [node + 1] for node in range(100_000)}
    assert find_cycle(chain, [0]) == []
    assert len(find_cycle(chain | {100_000: [0]}, [0])) == 100_002


def test_a_node_that_points_to_itself_is_a_cycle() -> None:
    assert find_cycle({1: [1]}, [1]) == [1, 1]


def test_many_paths_to_one_node_are_no_cycle() -> None:
    layers = {node: [2 * (node // 2) + 2, 2 * (node // 2) + 3] for node in range(60)}
    assert find_cycle(layers, [0]) == []
