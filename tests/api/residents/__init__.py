"""The API of the mini-program."""
