"""Commands that send lists out, take rows in, and keep views of lists."""

from backoffice.exchange.services.applying import apply_import, fix_row, undo_import
from backoffice.exchange.services.exports import export_list
from backoffice.exchange.services.imports import check_import, skip_row, start_import

__all__ = [
    "apply_import",
    "check_import",
    "export_list",
    "fix_row",
    "skip_row",
    "start_import",
    "undo_import",
]
