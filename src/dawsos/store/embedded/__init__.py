"""The PostgreSQL server DawsOS brings along: found, started, watched and stopped without an administrator."""
