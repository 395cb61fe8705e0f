"""Nouns of `facilitation`: challenge, request to a body, benefit, concurrence, letter, amendment."""

from facilitation.models.amendment import Amendment, AmendmentWord
from facilitation.models.benefit import Benefit, BenefitWording, Concurrence, ConcurrenceEntry
from facilitation.models.challenge import Challenge, ChallengeMessage, MessageDraft
from facilitation.models.common import CommonBarrier
from facilitation.models.escalation import RequestEscalation
from facilitation.models.letter import Delivery, Letter
from facilitation.models.letter_template import LetterTemplate, LetterText
from facilitation.models.measure_template import MeasureTemplate
from facilitation.models.not_given import NotGiven
from facilitation.models.promise import Promise, PromiseDate
from facilitation.models.request import AnswerDraft, BodyRequest, RequestMessage

__all__ = [
    "Amendment",
    "AmendmentWord",
    "AnswerDraft",
    "Benefit",
    "BenefitWording",
    "BodyRequest",
    "Challenge",
    "ChallengeMessage",
    "CommonBarrier",
    "Concurrence",
    "ConcurrenceEntry",
    "Delivery",
    "Letter",
    "LetterTemplate",
    "LetterText",
    "MeasureTemplate",
    "MessageDraft",
    "NotGiven",
    "Promise",
    "PromiseDate",
    "RequestEscalation",
    "RequestMessage",
]
