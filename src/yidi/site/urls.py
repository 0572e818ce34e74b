"""Which address belongs to which face."""

from django.urls import include, path

urlpatterns = [
    path("fsi/api/", include("yidi.gateway.urls")),
    path("desk/", include("yidi.desk.urls")),
    path("", include("yidi.portal.urls")),
]
