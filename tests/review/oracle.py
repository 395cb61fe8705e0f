"""D3, D4 and D5 once more, told apart from `review.consensus`: every standing is spelt as a word, and patterns read it.

Each Member State that has not stepped aside is one letter: `y` agrees (approve, no objection, approve
with conditions), `w` asks to wait, `n` objects, `-` has said nothing. Sorted, four of them read `-nyy`.
"""

import re

LETTERS = {
    "approve": "y",
    "no_objection": "y",
    "approve_with_conditions": "y",
    "defer": "w",
    "object": "n",
    None: "-",
}


def read(answers, *, originating, gaining, silence, over, aside):
    """Return (outcomes, basis, silent): `answers` by Member State, None where there is none yet.

    `gaining` are those that meet criterion 2, `silence` whether the round was opened so that it counts,
    `over` whether the deadline has passed, `aside` who steps aside.
    """
    stay = sorted(set(answers) - set(aside))
    silent = tuple(ams for ams in stay if answers[ams] is None)
    word = "".join(sorted(LETTERS[answers[ams]] for ams in stay))
    heard = word.replace("-", "y") if silence and over else word  # D3: silence counts after the deadline, if so opened
    carried = len(stay) >= 2 and originating in stay and len(set(stay) & set(gaining)) >= 2  # D4
    if "n" in heard:  # D5: no consensus. Refusal waits until all were heard, or had their time
        return (
            ({"deferred"} if re.search("-.*n", heard) and not over else {"deferred", "not_approved"}),
            "no_consensus",
            silent,
        )
    if "w" in heard:  # D5: defer, with the question
        return {"deferred"}, "question", silent
    if "-" in heard:
        return ({"deferred"}, "no_consensus", silent) if over else (set(), "awaited", silent)
    if not carried:
        return {"deferred", "not_approved"}, "no_consensus", silent
    return {"approved"}, "minus_x" if aside else "silence" if silent else "consensus", silent
