"""What to do with one kind of message, one intent a file. The answer None: it is meant otherwise."""
