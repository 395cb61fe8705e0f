"""Addresses of `workflow`: moves, notices, e-mails and calendars."""

from django.urls import path

from aipbi.workflow import views
from aipbi.workflow.calendars import views as calendars
from aipbi.workflow.mailing import views as mailing

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("work/<int:pk>/", views.job, name="job"),
    path("notices/settings/", mailing.notice_settings, name="notice_settings"),
    path("notices/calendar/", calendars.links, name="calendar_links"),
    path("notices/calendar/<slug:key>/make/", calendars.make, name="make_calendar_link"),
    path("notices/calendar/<slug:key>/revoke/", calendars.revoke, name="revoke_calendar_link"),
    path("calendar/<slug:secret>.ics", calendars.feed, name="calendar_feed"),
    path("outbox/", mailing.outbox_list, name="outbox"),
    path("outbox/<int:pk>/", mailing.outbox_mail, name="outbox_mail"),
    path("outbox/messages/<int:pk>/", mailing.message, name="message"),
    path("outbox/texts/", mailing.standard_texts, name="standard_texts"),
    path("outbox/texts/<slug:kind>/", mailing.standard_text, name="standard_text"),
    path("cases/<slug:code>/<slug:kind>/<int:pk>/<slug:move>/", views.move, name="move"),
]
