from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "yidi.gateway"
    label = "gateway"
