"""The register of providers as a Django app."""

from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    """定点医药机构"""

    name = "yidi.providers"
    label = "providers"
    verbose_name = "定点医药机构"
    default_auto_field = "django.db.models.BigAutoField"
