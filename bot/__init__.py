"""The WeChat door: the callback, its protocol, and the conversation."""
