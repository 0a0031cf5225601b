"""The product's addresses and the style pages, which only development has."""

from django.urls import path

from backoffice.urls import handler400, handler403, handler404, handler500
from backoffice.urls import urlpatterns as product
from backoffice.web import style

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path("style/", style.show), *product]
