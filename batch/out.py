"""The folder that answers are written to: a file of Parquet, of JSON Lines and of CSV for each."""

import os
import shutil
from pathlib import Path

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StringType

from failure import Failure

# A spreadsheet would run a cell that begins with one of these (as src/export/csv-cell.ts).
FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"
NUMBER = r"^[+-]?\d+(\.\d+)?$"


class Out:
    """Gets its name when everything is written, so what is there is whole."""

    def __init__(self, folder: str):
        self.folder = Path(folder).resolve()
        if self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
            raise Failure(
                "OUT_NOT_EMPTY", f"{self.folder} is there already. Name a folder that is not, or remove what is in it."
            )
        self.partial = self.folder.with_name(f"{self.folder.name}.partial-{os.getpid()}")
        try:
            self.partial.mkdir(parents=True)
        except OSError as error:
            raise Failure(
                "OUT_NOT_WRITABLE", f"{self.folder} cannot be made: {error.strerror}. Name a folder that can."
            ) from error

    def write(self, name: str, answer: DataFrame) -> None:
        """Writes an answer in each format, in its order."""
        one = answer.coalesce(1)
        self.take(f"{name}.parquet", lambda path: one.write.parquet(path, compression="zstd"))
        # Without this a value that is null would have no field.
        self.take(f"{name}.jsonl", lambda path: one.write.json(path, ignoreNullFields=False))
        cells = one.select(
            *(
                safe(field.name) if isinstance(field.dataType, StringType) else F.col(field.name)
                for field in answer.schema.fields
            )
        )
        self.take(
            f"{name}.csv",
            # As RFC 4180 has it: a quote in a cell is doubled, and spaces belong to it.
            lambda path: cells.write.csv(
                path,
                header=True,
                quote='"',
                escape='"',
                emptyValue="",
                ignoreLeadingWhiteSpace=False,
                ignoreTrailingWhiteSpace=False,
            ),
        )

    def take(self, file: str, write) -> None:
        """Spark writes a folder with a file for each of its tasks; of one task that file is all there is."""
        folder = self.partial / f"{file}.parts"
        write(f"file://{folder}")
        parts = sorted(folder.glob("part-*"))
        parts[0].rename(self.partial / file)
        shutil.rmtree(folder)

    def finish(self) -> None:
        if self.folder.exists():
            self.folder.rmdir()
        self.partial.rename(self.folder)

    def discard(self) -> None:
        shutil.rmtree(self.partial, ignore_errors=True)


def safe(name: str):
    """Text that a spreadsheet would take for a formula gets an apostrophe before it."""
    text = F.col(name)
    return (
        F.when(text.rlike(FORMULA) & ~text.rlike(NUMBER), F.concat(F.lit("'"), text)).otherwise(text).alias(name)
    )
