"""The figures as a table in Markdown, for `docs/performance.md`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from benchmarks.asks import EMPTY

if TYPE_CHECKING:
    from benchmarks.measure import Cost

# pretalx 2025.2.2 on PostgreSQL 15, in process, warm, median of 20: queries, and × at 100, 1,000 and 10,000.
PRETALX = {
    "own list": ("18", (20, 30, 154)),
    "page": ("31", (47, 67, 286)),
    "list": ("133", (682, 440, 801)),
    "search": ("35", (61, 70, 280)),
    "dashboard": ("250–550", (1072, 1986, 2235)),
    "move": ("29", (16, 39, 167)),
}


def of(costs: Mapping[str, Mapping[int, "Cost"]], likes: Mapping[str, str]) -> str:
    """Return the table; `costs` by request and number of cases."""
    sizes = list(costs[EMPTY])
    largest = sizes[-1]
    head = [
        "request",
        "queries",
        *(f"× at {size:,}" for size in sizes),
        "growth",
        "CPU ms",
        "database ms",
        "links",
        "bytes",
    ]
    lines = [[*head, "pretalx: queries", "× at 100 / 1,000 / 10,000"]]
    lines.append(["---", *["---:"] * (len(head)), "---:"])
    for name, by_size in costs.items():
        last = by_size[largest]
        queries = sorted({cost.queries for cost in by_size.values()})
        like = PRETALX.get(likes.get(name, ""))
        lines.append(
            [
                name,
                "–".join(map(str, queries)),
                *(f"{cost.cpu / costs[EMPTY][size].cpu:.1f}" for size, cost in by_size.items()),
                _growth(by_size, costs[EMPTY]),
                f"{last.cpu * 1000:.1f}",
                f"{last.waited * 1000:.1f}",
                "–".join(map(str, sorted({cost.links for cost in by_size.values()}))),
                f"{last.size:,}",
                like[0] if like else "",
                " / ".join(f"{factor:,}" for factor in like[1]) if like else "",
            ],
        )
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _growth(by_size: Mapping[int, "Cost"], empty: Mapping[int, "Cost"]) -> str:
    """Return how much dearer the largest size is than the smallest whose page has as many links."""
    largest = max(by_size)
    same = [size for size, cost in by_size.items() if cost.links == by_size[largest].links and size != largest]
    if not same:
        return ""
    ratios = [by_size[size].cpu / empty[size].cpu for size in (largest, min(same))]
    return f"{ratios[0] / ratios[1]:.2f}" + ("" if min(same) == min(by_size) else f" from {min(same):,}")
