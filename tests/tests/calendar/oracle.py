"""What chinesecalendar says: first of every day, then of the due dates that are asked for on standard input.

Prints `DATE 1` (worked), `DATE 0` (off) or `DATE ?` (the package has not the year), then a line `--`, then for each line `DATE N` of the input the
N-th working day after the date, or `?`.
"""

import datetime
import sys

import chinese_calendar

DAY = datetime.timedelta(days=1)


def is_worked(date):
    try:
        return chinese_calendar.is_workday(date)
    except NotImplementedError:
        return None


day = datetime.date(2007, 1, 1)
while day.year < 2027:
    print(day, {True: 1, False: 0, None: "?"}[is_worked(day)])
    day += DAY
print("--")
for line in sys.stdin:
    start, number = line.split()
    day, left = datetime.date.fromisoformat(start), int(number)
    while left and day is not None:
        day += DAY
        worked = is_worked(day)
        if worked is None:
            day = None
        elif worked:
            left -= 1
    print("?" if day is None else day)
