"""Addresses of the portal."""

from django.urls import path

from yidi.portal.views import plan

app_name = "portal"
urlpatterns = [path("", plan.plan_page, name="plan")]
