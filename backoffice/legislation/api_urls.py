"""Endpoints of the law that no object gives."""

from django.urls import path

from backoffice.legislation.api import DutiesEndpoint, EffectEndpoint

urlpatterns = [
    path("duties/", DutiesEndpoint.as_view()),
    path("legal-tables/<int:pk>/effect/", EffectEndpoint.as_view()),
]
