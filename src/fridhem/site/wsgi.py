import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fridhem.site.settings")

application = get_wsgi_application()

if settings.FRIDHEM_FACE == "staff":  # the public face knows nobody, so it loads nothing of signing in
    import_module("fridhem.site.opening").refuse_to_open()
