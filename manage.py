#!/usr/bin/env python
"""Django's own door, for administrators; the product's commands are `fridhem …`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fridhem.site.settings")
    execute_from_command_line(sys.argv)
