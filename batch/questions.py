"""
What is asked of the listens. Each answer has the names and the meaning of the dashboard's (src/questions), which
test/systems/spark.test.ts compares: a listen is skipped or completed as its event said, seconds are how far the player got
(listen_position), a moment is shown by the clock of the zone.
"""

from dataclasses import dataclass

HEARD = """count(*) AS listens, coalesce(sum(listen_position), 0) AS seconds_listened,
       count_if(completed) AS completed, count_if(is_skipped) AS skipped"""
# The zone's weekdays and hours are those of the session's clock. 1 is Monday.
WEEKDAY = "weekday(listened_at) + 1"


@dataclass(frozen=True)
class Question:
    """One question, in SQL over the view `listens`."""

    name: str
    title: str
    sql: str
    # What is printed of it, in SQL over a view of its own name; files get all of it.
    shown: str
    # Whether it is as long as there are songs, say, so that only its first lines are printed.
    long: bool = False


def top(name: str, title: str, value: str, label: str = "''") -> Question:
    """The values of a field, those with most listens first; ties in the order of the alphabet."""
    groups = value if label == "''" else f"{value}, {label}"
    return Question(
        name,
        title,
        f"""SELECT {value} AS value, {label} AS label, {HEARD}
            FROM listens GROUP BY {groups} ORDER BY listens DESC, value, label""",
        f"""SELECT value{"" if label == "''" else ", label"}, listens, round(seconds_listened / 3600, 1) AS hours,
              round(100 * completed / nullif(listens, 0), 1) AS completed_percent, round(100 * skipped / nullif(listens, 0), 1) AS skipped_percent
            FROM {name}""",
        long=True,
    )


QUESTIONS = (
    Question(
        "totals",
        "In all",
        f"SELECT count(DISTINCT user_id) AS listeners, {HEARD} FROM listens",
        """SELECT listens, listeners, round(seconds_listened / 3600, 1) AS hours,
             completed, round(100 * completed / nullif(listens, 0), 1) AS completed_percent,
             skipped, round(100 * skipped / nullif(listens, 0), 1) AS skipped_percent
           FROM totals""",
    ),
    top("songs", "Songs", "title", "artist"),
    top("artists", "Artists", "artist"),
    top("genres", "Genres", "genre"),
    top("countries", "Countries", "country"),
    top("cities", "Cities", "city"),
    top("platforms", "Platforms", "platform"),
    top("moods", "Moods", "mood"),
    Question(
        "days",
        "Days on which something was played",
        f"""SELECT to_date(listened_at) AS day, {HEARD}
            FROM listens GROUP BY day ORDER BY day""",
        "SELECT day, listens, round(seconds_listened / 3600, 1) AS hours, completed, skipped FROM days",
        long=True,
    ),
    Question(
        "hours",
        "Listens in each hour of the week",
        f"""WITH week AS (
              SELECT weekday, hour FROM (SELECT explode(sequence(1, 7)) AS weekday)
              CROSS JOIN (SELECT explode(sequence(0, 23)) AS hour)
            ), heard AS (
              SELECT {WEEKDAY} AS weekday, hour(listened_at) AS hour, {HEARD} FROM listens GROUP BY 1, 2
            )
            SELECT weekday, hour, coalesce(listens, 0) AS listens, coalesce(seconds_listened, 0) AS seconds_listened
            FROM week LEFT JOIN heard USING (weekday, hour) ORDER BY weekday, hour""",
        """SELECT hour, sum(listens) AS listens, sum(if(weekday = 1, listens, 0)) AS Mon,
             sum(if(weekday = 2, listens, 0)) AS Tue, sum(if(weekday = 3, listens, 0)) AS Wed,
             sum(if(weekday = 4, listens, 0)) AS Thu, sum(if(weekday = 5, listens, 0)) AS Fri,
             sum(if(weekday = 6, listens, 0)) AS Sat, sum(if(weekday = 7, listens, 0)) AS Sun
           FROM hours GROUP BY hour ORDER BY hour""",
    ),
    Question(
        "drop_off",
        "How far into the track people get",
        """WITH percents AS (SELECT explode(sequence(0, 100)) AS percent),
           ended AS (
             SELECT least(100, cast(floor(percent_listened) AS INT)) AS percent, count(*) AS listens FROM listens GROUP BY 1
           ),
           reached AS (
             SELECT percent, sum(coalesce(listens, 0)) OVER (ORDER BY percent DESC) AS listens
             FROM percents LEFT JOIN ended USING (percent)
           )
           SELECT percent, listens, coalesce(listens / nullif(max(listens) OVER (), 0), 0) AS share FROM reached ORDER BY percent""",
        """SELECT percent, listens, round(100 * share, 1) AS share_percent, repeat('#', cast(round(40 * share) AS INT)) AS still_there
           FROM drop_off WHERE percent % 10 = 0 ORDER BY percent""",
    ),
    Question(
        "ratings",
        "Stars",
        "SELECT rating, count(*) AS listens FROM listens GROUP BY rating ORDER BY rating NULLS LAST",
        "SELECT * FROM ratings",
    ),
    Question(
        "mood_genre",
        "Genres by mood",
        f"SELECT mood, genre, {HEARD} FROM listens GROUP BY mood, genre ORDER BY listens DESC, mood, genre",
        "SELECT mood, genre, listens, round(seconds_listened / 3600, 1) AS hours FROM mood_genre",
        long=True,
    ),
)
