"""Tables made together are the same as tables made step by step."""

import pytest
from django.db import connections, migrations, models
from django.db.migrations.state import ProjectState

from backoffice.database.operations import CreateTogether

pytestmark = pytest.mark.clone

STEPS = (
    migrations.CreateModel(
        "Author",
        [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=9))],
    ),
    migrations.CreateModel(
        "Book",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("pages", models.IntegerField()),
        ],
        options={"constraints": [], "indexes": []},
    ),
    migrations.AddField("book", "author", models.ForeignKey("try.Author", models.PROTECT)),
    migrations.AddField("author", "favourite", models.ForeignKey("try.Book", models.PROTECT)),
    migrations.AddField("author", "friends", models.ManyToManyField("try.Author")),
    migrations.AddConstraint(
        "book",
        models.CheckConstraint(condition=models.Q(pages__gt=0), name="book_has_pages"),
    ),
    migrations.AddIndex("book", models.Index(fields=["pages"], name="book_by_pages")),
)

CATALOGUE = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid::regclass::text LIKE 'try%'
    UNION SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'try%'
    UNION SELECT table_name || '.' || column_name, data_type || is_nullable || coalesce(is_identity, '')
            FROM information_schema.columns WHERE table_name LIKE 'try%'
"""


def made_by(operations: list[migrations.operations.base.Operation]) -> set[tuple[str, str]]:
    """What the catalogue holds after these operations; the tables are gone afterwards."""
    connection = connections["owner"]
    state = ProjectState()
    with connection.schema_editor() as editor:
        for operation in operations:
            before = state.clone()
            operation.state_forwards("try", state)
            operation.database_forwards("try", editor, before, state)
    with connection.cursor() as cursor:
        cursor.execute(CATALOGUE)
        found = set(cursor.fetchall())
        cursor.execute("DROP TABLE try_author, try_book, try_author_friends CASCADE")
    return found


def test_the_tables_are_the_same_as_step_by_step() -> None:
    together = made_by([CreateTogether(STEPS)])
    assert together == made_by(list(STEPS))
    assert {name for name, _ in together} >= {
        "book_has_pages",
        "book_by_pages",
        "try_book.author_id",
    }


def test_what_is_more_than_a_table_is_refused() -> None:
    with pytest.raises(TypeError, match="Raw SQL operation cannot be part of CreateTogether"):
        CreateTogether([*STEPS, migrations.RunSQL("SELECT 1")])
