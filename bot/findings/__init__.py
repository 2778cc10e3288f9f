"""Findings, their evidence and their review."""
