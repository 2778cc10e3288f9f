"""Message to verdict, with reasons."""
