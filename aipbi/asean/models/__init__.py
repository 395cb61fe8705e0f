"""The nouns of the reference data. Codes are primary keys, so comparing one needs no join."""

from aipbi.asean.models.agreements import Agreement, AgreementParty
from aipbi.asean.models.bodies import Body, BodyCategory, Category
from aipbi.asean.models.criteria import CriteriaEdition, Criterion, Parameter
from aipbi.asean.models.indicators import Goal, Indicator, IndicatorEdition
from aipbi.asean.models.member_states import ChairTerm, Holiday, MemberState
from aipbi.asean.models.settings import Clock, Default
from aipbi.asean.models.taxonomy import Expertise, HSChapter, Sector, Stage, ValueChain

__all__ = [
    "Agreement",
    "AgreementParty",
    "Body",
    "BodyCategory",
    "Category",
    "ChairTerm",
    "Clock",
    "CriteriaEdition",
    "Criterion",
    "Default",
    "Expertise",
    "Goal",
    "HSChapter",
    "Holiday",
    "Indicator",
    "IndicatorEdition",
    "MemberState",
    "Parameter",
    "Sector",
    "Stage",
    "ValueChain",
]
