"""
Reads an Iceberg table with Spark, by its path alone, and prints what iceberg-readers.ts asks for.

Arguments: location of the table, questions as JSON. `listens` is the table in the SQL of a question.
"""

import json
import sys

from pyspark.sql import SparkSession

location, questions = sys.argv[1], json.loads(sys.argv[2])
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", False)
    .config("spark.ui.showConsoleProgress", False)
    .config("spark.sql.shuffle.partitions", 2)
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)


def table(question: dict):
    reader = spark.read.format("iceberg")
    if "snapshot" in question:
        reader = reader.option("snapshot-id", question["snapshot"])
    if "asOf" in question:
        reader = reader.option("as-of-timestamp", question["asOf"])
    return reader.load(location)


answers = []
for question in questions:
    table(question).createOrReplaceTempView("listens")
    answers.append([row.asDict() for row in spark.sql(question["sql"]).collect()])
snapshots = (
    spark.read.format("iceberg")
    .load(f"{location}#snapshots")
    .selectExpr("snapshot_id", "unix_millis(committed_at)")
    .orderBy("snapshot_id")
)
print(
    json.dumps(
        {
            "types": table({}).dtypes,
            "snapshots": [list(row) for row in snapshots.collect()],
            "answers": answers,
        }
    )
)
spark.stop()
