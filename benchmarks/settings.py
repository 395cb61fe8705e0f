"""The portal's settings, with one more address: the page that everything is compared with."""

from aipbi.settings import *

ROOT_URLCONF = "benchmarks.urls"
