"""The agents' door. Other doors get their own prefix."""

from django.urls import path

from server_stub.licensing.api import healthz, requests, time, trust

urlpatterns = [
    path("v1/requests", requests),
    path("v1/trust", trust),
    path("v1/time", time),
    path("healthz", healthz),
]
handler404 = "server_stub.licensing.api.not_found"
handler500 = "server_stub.licensing.api.unexpected"
