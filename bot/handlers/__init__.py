"""What to do with one kind of message, one intent a file. None as an answer: this message is meant otherwise."""
