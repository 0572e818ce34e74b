"""Addresses of the reference."""

from django.urls import path

from yidi.gateway.reference import views

app_name = "reference"
urlpatterns = [
    path("", views.index, name="index"),
    path("envelope/", views.envelope_page, name="envelope"),
    path("transport/", views.transport, name="transport"),
    path("dialects/", views.dialects_page, name="dialects"),
    path("errors/", views.errors, name="errors"),
    path("doubts/", views.doubts, name="doubts"),
    path("dictionaries/", views.dictionary_list, name="dictionaries"),
    path("dictionaries/<slug:name>/", views.dictionary, name="dictionary"),
    path("openapi.json", views.openapi, name="openapi"),
    path("<slug:infno>/", views.transaction, name="transaction"),
]
