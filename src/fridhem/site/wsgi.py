import os
from importlib import import_module

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fridhem.site.settings")

django.setup(set_prefix=False)
application = import_module("fridhem.site.reading").Handler()

if settings.FRIDHEM_FACE == "staff":  # the public face knows nobody, so it loads nothing of signing in
    import_module("fridhem.site.opening").refuse_to_open()
