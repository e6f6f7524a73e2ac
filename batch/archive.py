"""What counts in an archive that `playhead archive` wrote."""

import json
import re
import shlex
from dataclasses import dataclass

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession

from failure import Failure

MANIFESTS = "_archive/*.json"
# Patterns of Hadoop. A folder may have such names; a question must not read another one for it.
PATTERN = re.compile(r"([\\*?\[\]{}])")
# The columns that questions are about, of those of src/outputs/archive/columns.ts. Told here, Spark need not open a file to see.
COLUMNS = """listened_at TIMESTAMP, user_id STRING, title STRING, artist STRING, genre STRING, platform STRING, city STRING,
country STRING, mood STRING, listen_position DOUBLE, percent_listened FLOAT, completed BOOLEAN, rating FLOAT,
is_skipped BOOLEAN"""


@dataclass(frozen=True)
class Contents:
    """The files of the runs that count, and what their manifests say is in them."""

    files: list[str]
    listens: int
    heard_ms: int
    runs: int
    archived_at: str


def contents(spark: SparkSession, root: str, since: int | None, until: int | None) -> Contents:
    """
    The files in which there may be listens of a range: those that manifests name. A file lies under the day on which its
    listens were *stored*; when they were played is in the manifest, so files of another time are left unread.

    :param since: milliseconds since 1970, or None for no bound
    :param until: the same; listens before this moment are asked for
    """
    manifests = read_manifests(spark, root)
    files: set[str] = set()
    listens = heard_ms = 0
    for manifest in manifests:
        days = {
            each["day"]
            for each in manifest["contents"]
            if (since is None or each["last_listened_at"] >= since)
            and (until is None or each["first_listened_at"] < until)
        }
        files.update(f"day={day}/{manifest['run']:08d}.parquet" for day in days)
        # The file of a day holds all its partitions, also one of which nothing is asked for.
        inside = [each for each in manifest["contents"] if each["day"] in days]
        listens += sum(each["listens"] for each in inside)
        heard_ms += sum(each["heard_ms"] for each in inside)
    return Contents(sorted(files), listens, heard_ms, len(manifests), manifests[-1]["written_at"])


def read_manifests(spark: SparkSession, root: str) -> list[dict]:
    """The manifests of the runs that count, by the same rules as src/outputs/archive/manifest.ts."""
    try:
        rows = spark.read.text(f"{escaped(root)}/{MANIFESTS}", wholetext=True)
    except AnalysisException as error:
        if error.getCondition() == "PATH_NOT_FOUND":
            raise nothing_in(root) from error
        raise
    texts = sorted(rows.select("_metadata.file_name", "value").collect())
    manifests = []
    for at, (file, text) in enumerate(texts):
        manifest = parsed(text)
        # A crash can only have cut the last one short, and then its run does not count.
        if manifest is None and at == len(texts) - 1:
            break
        if manifest is not None and manifest.get("format") != 1:
            raise Failure(
                "ARCHIVE_TOO_NEW", f"The archive {shown(root)} was written by a newer Playhead. Update this one."
            )
        if manifest is None or manifest.get("run") != at + 1:
            raise broken(root, f"lacks the manifest _archive/{at + 1:08d}.json, or it is damaged (found {file})")
        manifests.append(manifest)
    if not manifests:
        raise nothing_in(root)
    return manifests


def parsed(text: str) -> dict | None:
    try:
        manifest = json.loads(text)
    except ValueError:
        return None
    return manifest if isinstance(manifest, dict) else None


def read_listens(spark: SparkSession, root: str, found: Contents) -> DataFrame:
    """
    The listens of these files.

    :raises Failure: ARCHIVE_BROKEN when a file is gone, or holds another number of listens than its manifest says
    """
    try:
        listens = spark.read.schema(COLUMNS).parquet(*(f"{escaped(root)}/{file}" for file in found.files))
    except AnalysisException as error:
        if error.getCondition() != "PATH_NOT_FOUND":
            raise
        raise broken(root, f"lacks a file that a manifest names: {error.getMessageParameters()['path']}") from error
    control = listens.selectExpr("count(*) AS listens", "sum(cast(rint(listen_position * 1000) AS BIGINT)) AS heard_ms")
    [(count, heard_ms)] = control.collect()
    if (count, heard_ms or 0) != (found.listens, found.heard_ms):
        raise broken(
            root,
            f"holds {count} listens of {heard_ms} ms in its files, but {found.listens} of {found.heard_ms} ms by its manifests",
        )
    return listens


def broken(root: str, what: str) -> Failure:
    return Failure("ARCHIVE_BROKEN", f"The archive {shown(root)} {what}. Put it back from a copy.")


def escaped(path: str) -> str:
    return PATTERN.sub(r"\\\1", path)


def shown(root: str) -> str:
    """An address as a person gave it."""
    return root.removeprefix("file://")


def nothing_in(root: str) -> Failure:
    return Failure(
        "ARCHIVE_EMPTY",
        f"No run counts in {shown(root)}, so it is no archive, or one in which nothing was written yet. "
        f"`npx playhead archive --to {shlex.quote(shown(root))} --once` writes one.",
    )
