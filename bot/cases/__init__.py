"""The eight steps about one situation."""
