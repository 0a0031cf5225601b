"""Addresses of the pages of the law that no object gives."""

from django.urls import path

from backoffice.legislation import views

urlpatterns = [
    path("duties/", views.duties, name="backoffice.duties"),
    path(
        "legal-tables/missing/", views.MissingPage.as_view(), name="backoffice.legal_tables.missing"
    ),
    path(
        "legal-tables/effect/",
        views.EffectOfConfirming.as_view(),
        name="backoffice.legal_tables.effect",
    ),
    path(
        "legal-tables/<int:pk>/effect/",
        views.EffectOfTable.as_view(),
        name="backoffice.legal_table.effect",
    ),
]
