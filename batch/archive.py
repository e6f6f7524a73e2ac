"""What counts in an archive that `playhead archive` wrote."""

import json
import re
from dataclasses import dataclass

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession

from failure import Failure

MANIFESTS = "_archive/*.json"
# Patterns of Hadoop. A folder may have such names; a question must not read another one for it.
PATTERN = re.compile(r"([\\*?\[\]{}])")
# Never asked for anything, so it is not read. Who listened is counted by user_id.
PERSONAL = ("name", "email")


@dataclass(frozen=True)
class Contents:
    """The files of the runs that count, and what their manifests say is in them."""

    files: list[str]
    listens: int
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
    listens = 0
    for manifest in manifests:
        wanted = {
            each["day"]
            for each in manifest["contents"]
            if (since is None or each["last_listened_at"] >= since)
            and (until is None or each["first_listened_at"] < until)
        }
        files.update(f"day={day}/{manifest['run']:08d}.parquet" for day in wanted)
        listens += sum(each["listens"] for each in manifest["contents"] if each["day"] in wanted)
    return Contents(sorted(files), listens, len(manifests), manifests[-1]["written_at"])


def read_manifests(spark: SparkSession, root: str) -> list[dict]:
    """The manifests of the runs that count, by the same rules as src/archive/manifest.ts."""
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
            raise Failure("ARCHIVE_TOO_NEW", f"The archive {root} was written by a newer Playhead. Update this one.")
        if manifest is None or manifest.get("run") != at + 1:
            raise Failure(
                "ARCHIVE_BROKEN",
                f"In the archive {root} the manifest _archive/{at + 1:08d}.json is missing or damaged (found {file}). "
                "Put it back from a copy.",
            )
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
        listens = spark.read.parquet(*(f"{escaped(root)}/{file}" for file in found.files)).drop(*PERSONAL)
    except AnalysisException as error:
        if error.getCondition() != "PATH_NOT_FOUND":
            raise
        raise Failure(
            "ARCHIVE_BROKEN",
            f"The archive {root} lacks a file that a manifest names: {error.getMessageParameters()['path']}. "
            "Put it back from a copy.",
        ) from error
    count = listens.count()
    if count != found.listens:
        raise Failure(
            "ARCHIVE_BROKEN",
            f"The files of the archive {root} hold {count} listens, but their manifests say {found.listens}. "
            "Put them back from a copy.",
        )
    return listens


def escaped(path: str) -> str:
    return PATTERN.sub(r"\\\1", path)


def nothing_in(root: str) -> Failure:
    return Failure(
        "ARCHIVE_EMPTY",
        f"No run counts in {root}, so it is no archive, or one in which nothing was written yet. "
        f"`npx playhead archive --to {root} --once` writes one.",
    )
