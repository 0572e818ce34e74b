from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "yidi.documents"
    label = "documents"
