"""Consent for photo, film and sound."""
