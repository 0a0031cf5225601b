"""The standard roles, as the catalogue declares them, into the database."""

from typing import Any

from django.utils.translation import override

from backoffice.identity import catalogue


def load_roles(cursor: Any) -> None:  # noqa: ANN401  Django's cursor wrapper, also of a migration
    """Bring the standard roles up to date; running it again changes nothing.

    A role that no release declares any more keeps its row, because people may hold it, without
    permissions.
    """
    given = catalogue.role_permissions()
    with override(None):  # the database keeps the English msgids
        rows = [
            (role.code, str(role.name), str(role.description), list(given[role.code]))
            for role in catalogue.STANDARD_ROLES
        ]
    for row in rows:
        cursor.execute(
            """
            INSERT INTO backoffice_role (code, name, description, permissions)
            VALUES (%s, %s, %s, %s::varchar[])
            ON CONFLICT (company_id, code) DO UPDATE
            SET name = excluded.name, description = excluded.description,
                permissions = excluded.permissions
            WHERE (backoffice_role.name, backoffice_role.description, backoffice_role.permissions)
                IS DISTINCT FROM (excluded.name, excluded.description, excluded.permissions)
            """,
            row,
        )
    cursor.execute(
        """
        UPDATE backoffice_role SET permissions = '{}'
        WHERE company_id IS NULL AND code <> ALL(%s) AND permissions <> '{}'
        """,
        [[row[0] for row in rows]],
    )
