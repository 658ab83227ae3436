"""Runs the ledger's commands: `./run manage help` lists them."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claims_site.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as refusal:  # the settings say in words what to do
        if "--traceback" in sys.argv:
            raise
        sys.exit(str(refusal))
