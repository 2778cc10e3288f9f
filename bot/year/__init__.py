"""A year of a school in a database of its own, made at once, to see how long people wait for it.

plan.py       how much there is of everything
rows.py       the rows of findings, alerts, cases, reports, what was sent and noted
filling.py    writes them, many at a time
standins.py   a platform on which everybody is there and nothing was said
measuring.py  asks the bot's own services, and a bare row as the yardstick
"""
