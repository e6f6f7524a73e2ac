"""The Java that Spark runs in."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from failure import Failure

OLDEST = 17
CURE = "Install Java 17 or 21 and put it on the PATH, or set JAVA_HOME to its folder."


def check_java() -> None:
    """:raises Failure: JAVA_MISSING or JAVA_TOO_OLD; Spark itself would only say that its gateway ended"""
    home = os.environ.get("JAVA_HOME")
    # Spark looks nowhere else when it is set.
    command = str(Path(home, "bin", "java")) if home else shutil.which("java")
    try:
        printed = subprocess.run([command or "java", "-version"], capture_output=True, text=True, timeout=60).stderr
    except OSError:
        where = f"in JAVA_HOME ({home})" if home else "on the PATH"
        raise Failure("JAVA_MISSING", f"Spark needs Java, and there is none {where}. {CURE}") from None
    version = re.search(r'version "(?:1\.)?(\d+)', printed)
    if version is not None and int(version[1]) < OLDEST:
        raise Failure("JAVA_TOO_OLD", f"Java is {version[1]} ({command}), too old for Spark. {CURE}")
