"""The portal as a Django app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """参保人门户"""

    name = "yidi.portal"
    label = "portal"
    verbose_name = "参保人门户"
