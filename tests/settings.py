"""The portal's settings for tests and the type checker: the demonstration's, on a test database."""

import os

os.environ.setdefault("PORTAL_DEMO", "1")
if "PYTEST_VERSION" in os.environ:
    from tests.support import slot

    slot.take()

from aipbi.settings import *

# Pages name their static files plainly; only a running portal needs them collected.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Nor does a test read that folder, which the portal of another test may be filling at this moment.
WHITENOISE_AUTOREFRESH = True
