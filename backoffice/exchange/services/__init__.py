"""Commands that send lists out, take rows in, and keep views of lists."""

from backoffice.exchange.services.exports import export_list

__all__ = ["export_list"]
