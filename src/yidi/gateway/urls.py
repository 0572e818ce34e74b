"""Addresses of the gateway: whatever begins like one of its prefixes (interface §2.1)."""

from django.urls import re_path

from yidi.gateway.paths import PREFIXES
from yidi.gateway.views import call_service

urlpatterns = [re_path(rf"^{prefix.removeprefix('/')}(?:/.*)?$", call_service) for prefix in PREFIXES]
