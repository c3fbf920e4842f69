"""What a migration revision does: run its SQL file and note its checksum, in one transaction."""

from pathlib import Path

from alembic import op
from sqlalchemy import text

from dawsos.kernel.canonical import sha256_hex


def apply_file(path: Path) -> None:
    """Run the statements of ``path`` and record the file as applied."""
    content = path.read_bytes()
    connection = op.get_bind()
    # Several statements at once and no parameters: the text must reach the server as it is.
    with connection.connection.driver_connection.cursor() as cursor:  # type: ignore[union-attr]
        cursor.execute(content)
    connection.execute(
        text("insert into migrations.applied_files (file_name, checksum) values (:name, :checksum)"),
        {"name": path.name, "checksum": sha256_hex(content)},
    )
