"""The holidays of 2026 and their make-up working days, copied by hand from the notice of the State Council.

Only what differs from Monday to Friday.
"""

from datetime import date

from domain.calendar import Calendar, Day

REST = """
01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05 10-06 10-07
"""
WORK = "01-04 02-14 02-28 05-09 09-20 10-10"
DAYS = {
    date.fromisoformat(f"2026-{day}"): works for works, days in ((False, REST), (True, WORK)) for day in days.split()
}

CALENDAR = Calendar(days={day: Day(works) for day, works in DAYS.items()}, confirmed_through=date(2026, 12, 31))
