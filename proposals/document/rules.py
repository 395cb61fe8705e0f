"""What must hold between answers (P1–P4). Every function takes any JSON object and never raises."""

from collections.abc import Collection, Iterator
from typing import Any

from django.utils.translation import gettext as _

from proposals.document.codes import Codes, greenfield_open
from proposals.document.faults import Weight, blank, item_path
from proposals.document.values import month
from proposals.enums import Phase

Found = Iterator[tuple[str, Weight, str]]
FEWEST_AMS = 2
BENEFITS = ("gdp_usd", "exports_usd", "jobs_direct", "jobs_indirect", "msmes")


def items(document: dict[str, Any], part: str) -> list[tuple[int, dict[str, Any]]]:
    """Return the items of a list that are objects, with their places."""
    found = document.get(part)
    return [(n, one) for n, one in enumerate(found) if isinstance(one, dict)] if isinstance(found, list) else []


def taking_part(document: dict[str, Any]) -> list[str]:
    """Return the codes of the Member States named as participants, each once, in order."""
    named = [one.get("ams") for _n, one in items(document, "participants")]
    return list(dict.fromkeys(code for code in named if isinstance(code, str) and code))


def benefiting(document: dict[str, Any]) -> set[str]:
    """Return the Member States that have a figure above nothing in some year."""
    return {one["ams"] for _n, one in items(document, "impacts") if isinstance(one.get("ams"), str) and _gains(one)}


def counting(document: dict[str, Any], among: Collection[str] | None = None) -> set[str]:
    """Return the Member States that count for criterion 2: they both take part and benefit (P3, D4).

    `among` keeps those that remain when others have stepped aside.
    """
    both = set(taking_part(document)) & benefiting(document)
    return both if among is None else both & set(among)


def _gains(figures: dict[str, Any]) -> bool:
    return any(is_number(figures.get(name)) and figures[name] > 0 for name in BENEFITS)


def is_number(value: Any) -> bool:
    """Whether a value is a number, which true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def between(document: dict[str, Any], codes: Codes) -> Found:
    """Yield what does not hold between answers: path, weight, message."""
    yield from _project(document, codes)
    yield from _products(document)
    yield from _ranks(document)
    yield from _participants(document, codes)
    yield from _impacts(document, codes)
    yield from _criterion_3(document)


def _project(document: dict[str, Any], codes: Codes) -> Found:
    sector, chain = document.get("sector"), document.get("value_chain")
    if (
        isinstance(sector, str)
        and isinstance(chain, str)
        and sector in codes.sectors
        and codes.sector_of.get(chain, sector) != sector
    ):
        yield "value_chain", Weight.WRONG, _("This value chain belongs to the sector “%(sector)s”.") % {
            "sector": codes.sectors[codes.sector_of[chain]],
        }  # fmt: skip
    if document.get("phase") == Phase.GREENFIELD and not greenfield_open():
        yield "phase", Weight.WRONG, _("Only projects under way are admitted at present.")
    starts, ends = month(document.get("starts")), month(document.get("ends"))
    if starts and ends and ends < starts:
        yield "ends", Weight.WRONG, _("The end cannot be before the start.")


def _products(document: dict[str, Any]) -> Found:
    seen: set[str] = set()
    for n, one in items(document, "products"):
        if isinstance(code := one.get("hs"), str) and code:
            if code in seen:
                yield (
                    item_path("products", n, "hs"),
                    Weight.WRONG,
                    _("HS code %(code)s is named twice.") % {"code": code[:20]},
                )
            seen.add(code)


def _ranks(document: dict[str, Any]) -> Found:
    requests = items(document, "requests")
    seen: set[int] = set()
    for n, one in requests:
        rank = one.get("rank")
        if not isinstance(rank, int) or isinstance(rank, bool):
            continue
        if rank in seen:
            yield item_path("requests", n, "rank"), Weight.WRONG, _("Priority %(rank)s is given twice. Each request has its own.") % {
                "rank": _short(rank),
            }  # fmt: skip
        elif not 1 <= rank <= len(requests):
            yield item_path("requests", n, "rank"), Weight.WRONG, _("Priorities run from 1 to the number of requests; %(rank)s is outside.") % {
                "rank": _short(rank),
            }  # fmt: skip
        seen.add(rank)


def _short(number: int) -> str:
    # Python refuses to write out numbers of thousands of digits.
    return str(number) if abs(number) < 10**12 else "…"


def _participants(document: dict[str, Any], codes: Codes) -> Found:
    named = taking_part(document)
    if len(named) == 1 or (named and len(named) < FEWEST_AMS):
        yield "participants", Weight.WRONG, _("At least two Member States must take part; only %(ams)s is named.") % {
            "ams": codes.words("ams", named[0])[:60],
        }  # fmt: skip
    origin = document.get("originating_ams")
    if isinstance(origin, str) and origin in codes.ams and named and origin not in named:
        yield "originating_ams", Weight.WRONG, _("%(ams)s is the originating Member State and must be among those taking part.") % {
            "ams": codes.ams[origin],
        }  # fmt: skip
    seen: set[str] = set()
    for n, one in items(document, "participants"):
        ams = one.get("ams")
        if isinstance(ams, str) and ams in seen:
            yield item_path("participants", n, "ams"), Weight.WRONG, _("%(ams)s is named twice. Put its roles together.") % {
                "ams": codes.words("ams", ams)[:60],
            }  # fmt: skip
        if isinstance(ams, str):
            seen.add(ams)
        yield from _flows(n, one, named, codes)


def _flows(n: int, one: dict[str, Any], named: list[str], codes: Codes) -> Found:
    flows = one.get("flows_to")
    for to in flows if isinstance(flows, list) else []:
        if not isinstance(to, str) or to not in codes.ams:
            continue
        if to == one.get("ams"):
            yield item_path("participants", n, "flows_to"), Weight.WRONG, _("What %(ams)s makes goes on to another Member State, not to itself.") % {
                "ams": codes.ams[to],
            }  # fmt: skip
        elif to not in named:
            yield item_path("participants", n, "flows_to"), Weight.WRONG, _("%(ams)s is not among the participating Member States.") % {
                "ams": codes.ams[to],
            }  # fmt: skip


def _impacts(document: dict[str, Any], codes: Codes) -> Found:
    named = taking_part(document)
    seen: set[tuple[str, int]] = set()
    for n, one in items(document, "impacts"):
        ams, year, baseline = one.get("ams"), one.get("year"), one.get("baseline_year")
        if isinstance(ams, str) and ams in codes.ams and ams not in named:
            yield (
                item_path("impacts", n, "ams"),
                Weight.WRONG,
                _(
                    "%(ams)s has figures but is not among the participating Member States; only those count.",
                )
                % {"ams": codes.ams[ams]},
            )
        if isinstance(ams, str) and isinstance(year, int):
            if (ams, year) in seen:
                yield (
                    item_path("impacts", n, "year"),
                    Weight.WRONG,
                    _("There are two rows for this Member State and year."),
                )
            seen.add((ams, year))
        if isinstance(year, int) and isinstance(baseline, int) and baseline > year:
            yield (
                item_path("impacts", n, "baseline_year"),
                Weight.WRONG,
                _("The baseline year cannot come after the year."),
            )
    if named:
        yield from _criterion_2(document, named, codes)


def _criterion_2(document: dict[str, Any], named: list[str], codes: Codes) -> Found:
    """At least two Member States both take part and benefit, the originating one among them."""
    with_figures = {one.get("ams") for _n, one in items(document, "impacts") if isinstance(one.get("ams"), str)}
    for ams in named:
        if ams in codes.ams and ams not in with_figures:
            yield "impacts", Weight.GAP, _("Give figures for %(ams)s, which takes part.") % {"ams": codes.ams[ams]}
    if not set(named) <= with_figures:
        return
    count = counting(document)
    if len(count) < FEWEST_AMS:
        yield (
            "impacts",
            Weight.WRONG,
            _("At least two Member States must both take part and benefit: each needs a figure above 0."),
        )
    elif isinstance(origin := document.get("originating_ams"), str) and origin in named and origin not in count:
        yield "impacts", Weight.WRONG, _("%(ams)s is the originating Member State and must benefit too: it needs a figure above 0.") % {
            "ams": codes.words("ams", origin)[:60],
        }  # fmt: skip


def _criterion_3(document: dict[str, Any]) -> Found:
    lowers, includes = document.get("decarbonisation"), document.get("inclusion")
    if blank(lowers) and blank(includes):
        yield (
            "decarbonisation",
            Weight.GAP,
            _("Describe decarbonisation, inclusive development, or both. One is enough."),
        )
    tonnes = lowers.get("tco2e_per_year") if isinstance(lowers, dict) else None
    if is_number(tonnes) and tonnes == 0:
        yield (
            "decarbonisation.tco2e_per_year",
            Weight.WRONG,
            _("Leave decarbonisation empty when no emissions are avoided."),
        )
    for n, one in items(document, "inclusion"):
        if is_number(one.get("people")) and one["people"] == 0:
            yield (
                item_path("inclusion", n, "people"),
                Weight.WRONG,
                _("Write how many people or firms gain; 0 is nobody."),
            )
