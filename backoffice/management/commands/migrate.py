"""`manage.py migrate`: as the role `owner`, with the rights of the other roles set at the end."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import connections, transaction
from typing_extensions import override

from backoffice.database.functions import replace_functions
from backoffice.database.grants import apply_grants, install_extensions
from backoffice.identity.reference import load_roles
from backoffice.search.marking import install_triggers
from backoffice.work.registry import save_declarations

ONE_AT_A_TIME = 7_203_501
"""Key of the advisory lock: a second `migrate` waits until the first has ended."""


class Command(migrate.Command):
    """Change the schema as owner; `app` and `reader` may not, and get their rights here."""

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    @override
    def handle(self, *args: Any, **options: Any) -> str | None:
        alias = options["database"]
        if alias not in connections:
            message = (
                "Migrations run as the role `owner`: set DATABASE_OWNER_URL. "
                "DATABASE_URL is the address for the role `app`, which may not change the schema."
            )
            raise CommandError(message)
        if options["plan"] or options["check_unapplied"]:
            return super().handle(*args, **options)
        connection = connections[alias]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        try:
            install_extensions(connection)
            answer = super().handle(*args, **options)
            with transaction.atomic(using=alias):
                if not options["app_label"]:  # a part of the tables may be missing otherwise
                    save_declarations(connection)
                    replace_functions(connection)
                    install_triggers(connection)
                    with connection.cursor() as cursor:
                        load_roles(cursor)
                apply_grants(connection, app=_role("default"), reader=_role("reader"))
        finally:
            connection.close()
        return answer


def _role(alias: str) -> str:
    """The role behind an alias; without an address for readers, `app` reads reports as well."""
    name = alias if alias in connections else "default"
    return str(connections[name].settings_dict["USER"])
