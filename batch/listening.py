"""
What was listened to, from an archive of Playhead, with Apache Spark.

    python batch/listening.py /backup/listens --from 2026-11-01 --to 2026-12-01 --out november

docs/batch.md says more.
"""

import argparse
import os
import re
import shlex
import sys
from datetime import datetime, timezone

from failure import Failure, foreseen
from java import check_java

try:
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    from archive import Contents, contents, read_listens
    from out import Out
    from questions import QUESTIONS
    from table import table
except ModuleNotFoundError as missing:
    if missing.name not in ("pyspark", "py4j"):
        raise
    sys.exit("PYSPARK_MISSING: PySpark is not installed. `pip install -r batch/requirements.txt` installs it.")


def arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="listening.py",
        description="Reads an archive that `playhead archive` wrote, prints what was listened to, and writes it to files.",
        epilog="A day begins at midnight UTC, as in the dashboard's API. `--from 2026-11-01 --to 2026-12-01` is November.",
    )
    parser.add_argument("archive", metavar="ARCHIVE", help="folder of the archive, or hdfs://[user@]host:port/path")
    parser.add_argument(
        "--from",
        dest="since",
        metavar="DAY",
        type=moment,
        help="what was played on this day or later; or a time such as 2026-11-01T18:00:00Z",
    )
    parser.add_argument("--to", dest="until", metavar="DAY", type=moment, help="what was played before this day or time")
    parser.add_argument("--zone", default="UTC", help="time zone of days and hours, such as Europe/Berlin (UTC)")
    parser.add_argument("--top", metavar="N", type=lines, default=10, help="lines to print of what may be long (10)")
    parser.add_argument(
        "--out", metavar="FOLDER", help="new folder for the whole answers, each as Parquet, JSON Lines and CSV"
    )
    asked = parser.parse_args(given)
    if asked.since is not None and asked.until is not None and asked.since >= asked.until:
        parser.error("--from must be before --to, and --to is not part of the range")
    return asked


def moment(text: str) -> int:
    """:returns: milliseconds since 1970 of a day or an ISO 8601 time; UTC unless it says"""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} must be a day such as 2026-11-23, or a time in ISO 8601") from None
    # In whole numbers: a float would not hold each millisecond.
    since_1970 = (at if at.tzinfo else at.replace(tzinfo=timezone.utc)) - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return (since_1970.days * 86_400 + since_1970.seconds) * 1000 + round(since_1970.microseconds / 1000)


def lines(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} must be a number from 1 to 1000")
    return int(text)


def root_of(address: str) -> str:
    """The address as Spark wants it. :raises Failure: BAD_ADDRESS, ARCHIVE_NOT_FOUND"""
    scheme = re.match(r"([a-z0-9]+)://", address)
    if scheme is not None and scheme[1] == "hdfs":
        parts = re.fullmatch(r"hdfs://(?:([\w.-]+)@)?([^/@\s]+/\S+)", address)
        if parts is None:
            raise Failure("BAD_ADDRESS", f"{address} must be hdfs://host:port/path or hdfs://user@host:port/path.")
        if parts[1] is not None:
            os.environ["HADOOP_USER_NAME"] = parts[1]
        return f"hdfs://{parts[2].rstrip('/')}"
    if scheme is not None and scheme[1] != "file":
        raise Failure("BAD_ADDRESS", f"{address} must be a folder or hdfs://host:port/path.")
    folder = os.path.abspath(address.removeprefix("file://"))
    if not os.path.isdir(folder):
        raise Failure(
            "ARCHIVE_NOT_FOUND",
            f"There is no folder {folder}. `npx playhead archive --to {shlex.quote(folder)} --once` writes an archive there.",
        )
    return f"file://{folder}"


def start_spark(zone: str) -> SparkSession:
    """A Spark that is all in this process' own Java, on all cores, and opens no port but on loopback."""
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    # Where Spark finds what it logs.
    os.environ.setdefault("SPARK_CONF_DIR", os.path.join(os.path.dirname(os.path.abspath(__file__)), "conf"))
    spark = (
        SparkSession.builder.master("local[*]")
        .appName("playhead-listening")
        .config("spark.ui.enabled", False)
        .config("spark.ui.showConsoleProgress", False)
        # Hundreds are for clusters; here each would be a task of its own with next to nothing to do.
        .config("spark.sql.shuffle.partitions", 8)
        .getOrCreate()
    )
    try:
        # By whose clock days and hours are told.
        spark.conf.set("spark.sql.session.timeZone", zone)
    except PySparkException as error:
        raise Failure("BAD_ZONE", f"{zone} is no time zone. --zone takes names such as Europe/Berlin.") from error
    return spark


def answer(spark: SparkSession, asked: argparse.Namespace, root: str, out: Out | None) -> None:
    found = contents(spark, root, asked.since, asked.until)
    print(heading(found, asked))
    if not found.files:
        raise Failure("NOTHING_PLAYED", "The archive holds no listens of this range. Choose another, or archive first.")
    listens = read_listens(spark, root, found)
    if asked.since is not None:
        listens = listens.where(f"listened_at >= timestamp_millis({asked.since})")
    if asked.until is not None:
        listens = listens.where(f"listened_at < timestamp_millis({asked.until})")
    listens.createOrReplaceTempView("listens")
    for question in QUESTIONS:
        # Kept, because it is printed and written three times.
        whole = spark.sql(question.sql).persist()
        whole.createOrReplaceTempView(question.name)
        shown = spark.sql(question.shown)
        rows = (shown.limit(asked.top) if question.long else shown).collect()
        more = whole.count() - len(rows) if question.long else 0
        print(f"\n{question.title}\n\n{table(shown.columns, rows)}")
        if more > 0:
            print(f"… and {more:,} more")
        if out is not None:
            out.write(question.name, whole)
        whole.unpersist()


def heading(found: Contents, asked: argparse.Namespace) -> str:
    return (
        f"{found.runs:,} runs, archived until {found.archived_at}; "
        f"reading {len(found.files):,} files of {found.listens:,} listens. Clock: {asked.zone}"
    )


def main(given: list[str]) -> None:
    asked = arguments(given)
    root = root_of(asked.archive)
    check_java()
    out = None if asked.out is None else Out(asked.out)
    try:
        spark = start_spark(asked.zone)
        try:
            answer(spark, asked, root, out)
        finally:
            spark.stop()
        if out is not None:
            out.finish()
            print(f"\nWritten to {out.folder}")
    except (PySparkException, Py4JJavaError) as error:
        failure = foreseen(error, asked.archive)
        if failure is None:
            raise
        raise failure from error
    finally:
        if out is not None:
            out.discard()


if __name__ == "__main__":
    # A terminal that lacks a sign shows its number instead.
    sys.stdout.reconfigure(errors="backslashreplace")
    try:
        main(sys.argv[1:])
    except Failure as failure:
        sys.exit(f"{failure.code}: {failure.message}")
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever reads what is printed has seen enough, `head` say. Python would write the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
