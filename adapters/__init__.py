"""The outside world behind small Protocols: the WeChat API today; nothing here knows the database."""
