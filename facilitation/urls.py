"""Addresses of `facilitation`."""

from django.urls import path

from facilitation.views import (
    barriers,
    benefits,
    bodies,
    case,
    challenges,
    check,
    common,
    letter_texts,
    letters,
    requests,
)

urlpatterns = [
    path("check/", check.check_letter, name="check_letter"),
    path("check/letter-schedule-1.json", check.schedule_schema, name="schedule_schema"),
    path("letters/texts/", letter_texts.letter_texts, name="letter_texts"),
    path("letters/texts/<slug:purpose>/", letter_texts.letter_text, name="letter_text"),
    path("letters/texts/<slug:purpose>/<int:number>/", letter_texts.letter_text_version, name="letter_text_version"),
    path("requests/", requests.requests, name="requests"),
    path("requests/<int:pk>/", requests.request_page, name="request"),
    path("requests/<int:pk>/draft/", requests.save_draft, name="request_draft"),
    path("cases/<slug:code>/facilitation/", case.facilitation, name="facilitation"),
    path("cases/<slug:code>/benefits/", benefits.benefits, name="benefits"),
    path("barriers/", barriers.barriers, name="barriers"),
    path("barriers/board/", barriers.board, name="barriers_board"),
    path("barriers/together/", common.group, name="group_barriers"),
    path("barriers/common/<int:pk>/", common.page, name="common_barrier"),
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/<int:pk>/", bodies.body, name="body"),
    path("cases/<slug:code>/challenges/<int:number>/", challenges.challenge, name="challenge"),
    path("cases/<slug:code>/challenges/<int:number>/draft/", challenges.draft, name="challenge_draft"),
    path("cases/<slug:code>/letters/", letters.letters, name="letters"),
    path("cases/<slug:code>/letters/<int:pk>/", letters.letter, name="letter"),
    path("cases/<slug:code>/letters/<int:pk>/progress/", letters.progress, name="letter_progress"),
]
