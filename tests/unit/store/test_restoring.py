"""What a restore refuses before it touches any server."""

import pytest

from dawsos.kernel.errors import Unavailable
from dawsos.store.dump import restore
from dawsos.store.embedded import Binaries


def test_a_dump_with_timescale_tables_is_not_put_back_damaged(tmp_path):
    program = tmp_path / "pg_restore"
    program.write_text("#!/bin/sh\necho '2; 3079 16385 EXTENSION - timescaledb '\n")
    program.chmod(0o755)
    file = tmp_path / "file"
    file.write_text("a dump")
    with pytest.raises(Unavailable, match="TimescaleDB") as refused:
        restore("host=/nonexistent", "dawsos", file, Binaries(tmp_path, "18.6"))
    assert "timescaledb_pre_restore" in refused.value.remedy
