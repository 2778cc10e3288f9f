"""Commands and message menus: their names come from texts, their work is the same handlers as the buttons'."""
