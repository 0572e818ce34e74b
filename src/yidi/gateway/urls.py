"""Addresses of the gateway (interface §2.1)."""

from django.urls import path

from yidi.gateway.views import call_service

urlpatterns = [
    path("rsfComIfsService/callService", call_service),
    path("rsfComIfsService/callService/", call_service),
    path("rsfComIfsService/callService/<str:infno>", call_service),
    path("rsfComIfsService/callService/<str:infno>/", call_service),
]
