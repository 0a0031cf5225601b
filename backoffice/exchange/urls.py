"""Addresses of the pages of exports, imports and views of lists."""

from django.urls import path

from backoffice.exchange import view_pages, views, wizard

app_name = "exchange"

urlpatterns = [
    path("exports/<str:name>/", views.ExportPage.as_view(), name="export"),
    path("views/new/<str:name>/", view_pages.NewView.as_view(), name="view-new"),
    path("views/tabs/<str:name>/", view_pages.view_tabs, name="view-tabs"),
    path("views/<int:pk>/", view_pages.ChangeView.as_view(), name="view"),
    path("views/<int:pk>/open/", view_pages.open_view, name="view-open"),
    path("imports/new/<str:name>/", wizard.SourcePage.as_view(), name="import"),
    path("imports/<int:pk>/columns/", wizard.ColumnsPage.as_view(), name="import-columns"),
    path("imports/<int:pk>/rows/", wizard.rows_page, name="import-rows"),
    path("imports/<int:pk>/rows/<int:line>/", wizard.mend, name="import-mend"),
    path("imports/<int:pk>/wrong-rows/", wizard.wrong_rows, name="import-wrong"),
    path("imports/<int:pk>/undo/", wizard.UndoPage.as_view(), name="import-undo"),
]
