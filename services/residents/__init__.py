"""Residents: who they are across accounts, and where they belong."""
