"""The benchmark: a school's messages through the real gateway road, with yardsticks measured in the same run.

facts.py      what is asked for and what was seen
traffic.py    writes messages at a steady pace, distinct pairs, a share of them above the threshold
watching.py   asks the bot every second how it is doing; a bare request and an idle loop beside it
idle.py       the idle loop, as a process of its own
running.py    one run: start, traffic, settle, what arrived when
schools.py    one bot for many schools: start, alerts, start again
tables.py     road and load: figures against goals and yardsticks
"""
