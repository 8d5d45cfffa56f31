"""Where the measures run: DuckDB embedded, PostgreSQL, Spark; the same integers on each."""
