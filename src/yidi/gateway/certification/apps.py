from django.apps import AppConfig


class CertificationConfig(AppConfig):
    name = "yidi.gateway.certification"
    label = "gateway_certification"
