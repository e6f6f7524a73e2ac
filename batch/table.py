"""Answers as tables on a terminal."""

import re
import unicodedata
from decimal import Decimal

MOST_CHARACTERS = 40
# As src/runtime/printable.ts: what could rewrite a terminal or fake a line of it.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def table(columns: list[str], rows: list[tuple]) -> str:
    """Lines of text: names, and a line for each row; numbers to the right."""
    lines = [columns, *([cell(value) for value in row] for row in rows)]
    widths = [max(width(line[at]) for line in lines) for at in range(len(columns))]
    right = [all(is_number(row[at]) for row in rows) for at in range(len(columns))]
    return "\n".join(
        "  ".join(padded(text, widths[at], right[at]) for at, text in enumerate(line)).rstrip() for line in lines
    )


def cell(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, (float, Decimal)):
        return f"{value:,.1f}"
    text = UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", str(value))
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"


def is_number(value: object) -> bool:
    return value is None or isinstance(value, (int, float, Decimal))


def width(text: str) -> int:
    """Columns of a terminal that a text takes: two for a sign of Chinese, say, and none for an accent by itself."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def padded(text: str, to: int, right: bool) -> str:
    space = " " * (to - width(text))
    return space + text if right else text + space
