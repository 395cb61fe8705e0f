"""The portal's settings for tests and the type checker: the demonstration's, on a test database."""

import os

os.environ.setdefault("PORTAL_DEMO", "1")

from aipbi.settings import *
