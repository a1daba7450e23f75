"""Tables that people open in a spreadsheet program: written, and read with suspicion."""

Value = str | int
"""What stands in a cell."""
