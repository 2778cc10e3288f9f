"""The torture run: a school at full tilt on the loopback Discord, and a bot that is killed at any moment.

facts.py      what was said and promised, and what the database holds: plain facts
phrasebook.py what is said, and which of it screening finds above the threshold
pupils.py     posting, editing, deleting, reporting (command, menu, private message)
teachers.py   taking up, dismissing, opening cases, notes, answers
answers.py    what the bot promised a person in its answer
troubles.py   dropped sockets, refused RESUME, 429, 5xx, time-outs, closed DMs, a process that stands still or crawls
moments.py    the moments at which the bot dies on purpose: between commit, send and mark, at a click, reading back
births.py     first starts on nothing and on what earlier versions left, killed while tables change
copies.py     backups (some killed), an erasure, restores: commands beside the bot
run.py        the rounds: start, trouble, kill; then the settling
judging.py    what was said and promised against what is kept and was shown
"""
