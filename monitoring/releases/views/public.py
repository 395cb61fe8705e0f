"""What everybody may read of releases (M6): the list that is their changelog, each one's page, its files."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from monitoring.models import Release
from monitoring.releases import document, files
from monitoring.releases.enums import ReleaseState

# A release is frozen; only a new edition of the portal draws it otherwise.
DRAWN_SECONDS = 60 * 60


@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    """List all releases, newest first, each with what was new in it; withdrawn ones with the reason (M6)."""
    found = Release.objects.public().order_by("-number").defer("document")
    return render(request, "monitoring/releases/releases.html", {"releases": found, "signs": document.signs()})


def _found(number: int, *lean: str) -> Release:
    release = Release.objects.public().filter(number=number).defer(*lean).first()
    if release is None:
        raise Http404
    return release


@require_safe
def release(request: HttpRequest, number: int) -> HttpResponse:
    """Show a release: what changed first, how many after (M7); of a withdrawn one why it holds no more."""
    found = _found(number, "document")
    withdrawn = found.state == ReleaseState.WITHDRAWN
    context: dict[str, Any] = {"release": found, "withdrawn": withdrawn}
    if not withdrawn:
        context |= {"figures": drawn(found), "kinds": [(kind, files.name(number, kind)) for kind in files.TYPES]}
    return render(request, "monitoring/releases/release_public.html", context)


def drawn(release: Release) -> SafeString:
    """Return the figures of a release as drawn once for all readers."""
    key = f"release:{release.pk}:{release.revision}"
    html: str | None = cache.get(key)
    if html is None:
        html = render_to_string("monitoring/releases/figures.html", shown(release.document))
        cache.set(key, html, DRAWN_SECONDS)
    return mark_safe(html)  # noqa: S308 - the template's own, escaped when it was drawn


def shown(told: dict[str, Any]) -> dict[str, Any]:
    """Return what the template of the figures reads."""
    return {"told": told, "groups": document.laid_out(told)}


@require_safe
def file(_request: HttpRequest, number: int, kind: str) -> HttpResponseBase:
    """Send a file of a release, to anybody; 410 once it is withdrawn."""
    found = _found(number, "document")
    if kind not in files.TYPES:
        raise Http404
    if found.state == ReleaseState.WITHDRAWN:
        return HttpResponse(status=410)
    stored = found.files.filter(name=files.name(number, kind)).first()
    if stored is None:
        raise Http404
    answer = FileResponse(
        stored.content.open(), as_attachment=True, filename=stored.name, content_type=stored.media_type
    )
    answer["Content-Length"] = str(stored.size)
    answer["ETag"] = f'"{stored.sha256}"'
    return answer


@require_safe
def schema(_request: HttpRequest) -> FileResponse:
    """Send the JSON Schema of a release, at an address that stays (M6)."""
    found = settings.BASE_DIR / "static" / "schemas" / "release-1.json"
    return FileResponse(found.open("rb"), content_type="application/schema+json")
