"""Nouns of `facilitation`: challenge, request to a body, benefit, concurrence, letter, amendment."""

from facilitation.models.amendment import Amendment, AmendmentWord
from facilitation.models.benefit import Benefit, Concurrence
from facilitation.models.challenge import Challenge, ChallengeMessage
from facilitation.models.letter import Delivery, Letter
from facilitation.models.letter_template import LetterTemplate, LetterText
from facilitation.models.request import BodyRequest

__all__ = [
    "Amendment",
    "AmendmentWord",
    "Benefit",
    "BodyRequest",
    "Challenge",
    "ChallengeMessage",
    "Concurrence",
    "Delivery",
    "Letter",
    "LetterTemplate",
    "LetterText",
]
