"""Nouns of `proposals`: proposal, participation, version, profile, entries on behalf, bulk runs, notes, views and files of the list."""

from proposals.bulk.models import Bulk, BulkLine
from proposals.models.export import Export, ExportDownload, Format
from proposals.models.on_behalf import OnBehalf
from proposals.models.participation import Participation, ParticipationEntry
from proposals.models.profile import Profile
from proposals.models.proposal import UNTITLED, Proposal, ReferenceCounter
from proposals.models.version import Version
from proposals.models.view import DefaultView, SavedView
from proposals.notes.models import Note

__all__ = [
    "UNTITLED", "Bulk", "BulkLine", "DefaultView", "Export", "ExportDownload", "Format", "Note", "OnBehalf", "Participation",
    "ParticipationEntry", "Profile", "Proposal", "ReferenceCounter", "SavedView", "Version",
]  # fmt: skip
