"""Published examples of cell suppression, solved at the same or lower cost."""

from monitoring.disclosure import Dimension, Table, suppress

NO_YEARS = Dimension("year", {})


def test_the_investment_table_of_fischetti_and_salazar():
    """Fischetti and Salazar-González, Management Science 47 (2001) 1008-1026, after Willenborg and de Waal (1996).

    Investment of enterprises by activity (I to III) and region (A to C); the cell (II, C) = 22 is sensitive. The
    published pattern suppresses 22, 8, 17 and 12, in all 59. Table and pattern were compared with how the Australian
    Bureau of Statistics quotes the paper for its own program of suppression; the article itself was not at hand. That
    an attacker is left with [5, 30] also follows by hand: column A lets (II, A) be 0 to 25, and row II makes 30 of both.
    How wide an interval the authors ask for could not be looked up: 5 on each side is ours.
    """
    published = {(("ams", "C"), ("sector", "II")), (("ams", "A"), ("sector", "II"))}
    published |= {(("ams", "C"), ("sector", "III")), (("ams", "A"), ("sector", "III"))}
    table = {"I": (20, 50, 10), "II": (8, 19, 22), "III": (17, 32, 12)}
    values = {
        (("ams", region), ("sector", act)): x
        for act, line in table.items()
        for region, x in zip("ABC", line, strict=True)
    }
    sensitive = (("ams", "C"), ("sector", "II"))
    dimensions = [Dimension("ams", dict.fromkeys("ABC")), Dimension("sector", dict.fromkeys(table)), NO_YEARS]
    hidden, intervals = suppress(values, {sensitive: (5, 5)}, dimensions, [Table(("ams", "sector"))])
    assert hidden == published
    assert sum(values[cell] for cell in hidden) == 59
    assert [round(end, 6) for end in intervals[sensitive]] == [5, 30]


# Statistics Norway's package GaussSuppression, vignette "Magnitude table suppression", data set magnitude1, Table 2.
SALES = """
Agriculture Portugal 75.9, Agriculture Portugal 24.5, Agriculture Spain 96.6, Agriculture Spain 43.2,
Entertainment Iceland 16.8, Entertainment Portugal 7.1, Entertainment Portugal 2.3, Entertainment Spain 77.4,
Entertainment Spain 11.5, Entertainment Spain 16.4, Governmental Portugal 21.6, Governmental Portugal 2.0,
Governmental Spain 6.5, Governmental Spain 2.7, Industry Iceland 9.6, Industry Iceland 8.8, Industry Iceland 1.9,
Industry Portugal 25.7, Industry Portugal 3.4, Industry Spain 8.4
"""
SALES = [(sector, state, float(value)) for sector, state, value in (one.split() for one in SALES.split(","))]
SECTORS = dict.fromkeys(["Agriculture", "Entertainment", "Governmental", "Industry"])
PLACES = [Dimension("ams", dict.fromkeys(["Iceland", "Portugal", "Spain"])), Dimension("sector", SECTORS), NO_YEARS]


def test_the_sales_table_of_gausssuppression():
    """Two cells have a single contributor, 16.8 and 8.4; published are five more cells that protect them, 91.6 in all.

    The vignette says itself that the fifth, Industry in Portugal (29.1), only keeps the two contributors from each
    other, and is told where `singletonMethod = "none"`. That leaves 9.4, 20.3, 23.6 and 9.2, in all 62.5: what is asked
    here, too. Our releases ask for more than the fifth cell, see test_release.
    """
    published = {("Entertainment", "Portugal"), ("Industry", "Iceland"), ("Governmental", "Portugal")}
    published |= {("Governmental", "Spain")}
    values = {}
    for sector, state, value in SALES:
        key = (("ams", state), ("sector", sector))
        values[key] = values.get(key, 0) + value
    alone = {
        (("ams", "Iceland"), ("sector", "Entertainment")): (1e-3, 1e-3),
        (("ams", "Spain"), ("sector", "Industry")): (1e-3, 1e-3),
    }
    hidden, _intervals = suppress(values, alone, PLACES, [Table(("ams", "sector"))])
    assert {(dict(cell)["sector"], dict(cell)["ams"]) for cell in hidden - set(alone)} == published
    assert round(sum(values[cell] for cell in hidden - set(alone)), 6) == 62.5
