"""The catalogues of what is payable as a Django app."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """医保目录"""

    name = "yidi.catalogue"
    label = "catalogue"
    verbose_name = "医保目录"
    default_auto_field = "django.db.models.BigAutoField"
