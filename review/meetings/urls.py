"""Addresses of meetings."""

from django.urls import path

from review.meetings.views import live, pages

urlpatterns = [
    path("meetings/", pages.meetings, name="meetings"),
    path("meetings/call/", pages.call, name="call_meeting"),
    path("meetings/<slug:meeting>/", pages.meeting, name="meeting"),
    path("meetings/<slug:meeting>/pack/", pages.progress, name="meeting_pack_progress"),
    path("meetings/<slug:meeting>/ready/", pages.ready, name="meeting_ready"),
    path("meetings/<slug:meeting>/live/", live.live, name="meeting_live"),
    path("meetings/<slug:meeting>/record/", pages.minutes, name="meeting_record"),
    path("meetings/<slug:meeting>/calendar.ics", pages.entry, name="meeting_calendar"),
]
