"""Nouns of `facilitation`: challenge, request to a body, benefit, concurrence, letter, amendment."""

from facilitation.models.amendment import Amendment, AmendmentWord
from facilitation.models.benefit import Benefit, BenefitWording, Concurrence, ConcurrenceEntry
from facilitation.models.challenge import Challenge, ChallengeMessage
from facilitation.models.letter import Delivery, Letter
from facilitation.models.letter_template import LetterTemplate, LetterText
from facilitation.models.measure_template import MeasureTemplate
from facilitation.models.not_given import NotGiven
from facilitation.models.request import BodyRequest

__all__ = [
    "Amendment",
    "AmendmentWord",
    "Benefit",
    "BenefitWording",
    "BodyRequest",
    "Challenge",
    "ChallengeMessage",
    "Concurrence",
    "ConcurrenceEntry",
    "Delivery",
    "Letter",
    "LetterTemplate",
    "LetterText",
    "MeasureTemplate",
    "NotGiven",
]
