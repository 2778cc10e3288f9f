"""Fourth part of the road: people who act, what they see, the bot process, and the scenario runner."""
