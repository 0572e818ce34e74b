"""Addresses of the portal."""

from django.urls import path

from yidi.portal import views

app_name = "portal"
urlpatterns = [path("", views.plan_page, name="plan")]
