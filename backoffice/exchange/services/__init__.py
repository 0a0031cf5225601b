"""Commands that send lists out, take rows in, and keep views of lists."""

from backoffice.exchange.services.applying import apply_import, fix_row, undo_import
from backoffice.exchange.services.exports import export_list
from backoffice.exchange.services.imports import check_import, skip_row, start_import
from backoffice.exchange.services.saved_views import change_view, remove_view, save_view

__all__ = [
    "apply_import",
    "change_view",
    "check_import",
    "export_list",
    "fix_row",
    "remove_view",
    "save_view",
    "skip_row",
    "start_import",
    "undo_import",
]
