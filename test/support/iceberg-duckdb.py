"""
Reads an Iceberg table with DuckDB and prints what iceberg-readers.ts asks for.

Arguments: location of the table, questions as JSON. `listens` is the table in the SQL of a question. S3_ENDPOINT, S3_ACCESS_KEY and
S3_SECRET_KEY in the environment are for a table on S3.
"""

import importlib
import json
import os
import sys
from pathlib import Path

import duckdb

location, questions = sys.argv[1], json.loads(sys.argv[2])
# What pip brought is all there is: nothing is fetched from elsewhere.
connection = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
for name in ("avro", "httpfs", "iceberg"):
    package = Path(importlib.import_module(f"duckdb_extension_{name}").__file__).parent
    connection.execute(f"LOAD '{package}/extensions/v{duckdb.__version__}/{name}.duckdb_extension'")


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


if "S3_ENDPOINT" in os.environ:
    key, secret, endpoint = (quoted(os.environ[f"S3_{name}"]) for name in ("ACCESS_KEY", "SECRET_KEY", "ENDPOINT"))
    connection.execute(
        f"""CREATE SECRET (TYPE s3, KEY_ID {key}, SECRET {secret}, ENDPOINT {endpoint}, REGION 'us-east-1',
            URL_STYLE 'path', USE_SSL false)"""
    )


def scan(question: dict) -> str:
    options = ""
    if "snapshot" in question:
        options = f", snapshot_from_id = {question['snapshot']}"
    if "asOf" in question:
        options = f", snapshot_from_timestamp = make_timestamp({question['asOf']} * 1000)"
    return f"iceberg_scan({quoted(location)}{options})"


answers = []
for question in questions:
    connection.execute(f"CREATE OR REPLACE TEMP VIEW listens AS SELECT * FROM {scan(question)}")
    rows = connection.execute(question["sql"])
    names = [name for name, *_ in rows.description]
    answers.append([dict(zip(names, row)) for row in rows.fetchall()])
described = connection.execute(f"DESCRIBE SELECT * FROM {scan({})}").fetchall()
snapshots = connection.execute(
    f"SELECT snapshot_id, epoch_ms(timestamp_ms) FROM iceberg_snapshots({quoted(location)}) ORDER BY snapshot_id"
).fetchall()
print(
    json.dumps({"types": [[name, kind] for name, kind, *_ in described], "snapshots": snapshots, "answers": answers})
)
