"""The WSGI entry point: `granian --interface wsgi yidi.site.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yidi.site.settings")

application = get_wsgi_application()
