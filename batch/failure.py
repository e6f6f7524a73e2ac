"""What goes wrong and was foreseen."""

import re


class Failure(Exception):
    """Says what happened and what to do about it; the code stays the same from version to version."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
        self.message = message


# What Spark and Hadoop say somewhere in their traces, the most telling first, and what that means here.
CAUSES = (
    ("ConnectException", "ARCHIVE_UNREACHABLE", "The server of {archive} does not answer. Start it, or correct the address."),
    ("UnknownHostException", "ARCHIVE_UNREACHABLE", "There is no server of the name in {archive}. Correct the address."),
    ("AccessControlException", "ARCHIVE_NOT_ALLOWED", "{archive} may not be read. Grant reading to this user there."),
    ("Permission denied", "ARCHIVE_NOT_ALLOWED", "{archive} may not be read. Grant reading to this user there."),
    ("No space left on device", "DISK_FULL", "The disk is full: of --out, or of SPARK_LOCAL_DIRS (/tmp). Make room, or name others."),
    (
        "OutOfMemoryError",
        "MEMORY_FULL",
        "Spark's memory is full. Ask for a shorter range, or give it more: PYSPARK_SUBMIT_ARGS='--driver-memory 4g pyspark-shell'.",
    ),
    (
        "FAILED_READ_FILE",
        "ARCHIVE_BROKEN",
        "A file of {archive} is damaged: {file}. Put it back from a copy.",
    ),
    (
        "JAVA_GATEWAY_EXITED",
        "SPARK_NOT_STARTED",
        "Spark did not start; what Java said stands above. Spark 4.0 is made for Java 17 and 21.",
    ),
)


def foreseen(error: Exception, archive: str) -> Failure | None:
    """What an error of Spark means; None for a defect."""
    text = str(error)
    file = re.search(r"reading file (\S.*?)\.\s", text)
    for sign, code, message in CAUSES:
        if sign in text:
            return Failure(code, message.format(archive=archive, file=file[1] if file else "Spark does not say which"))
    return None
