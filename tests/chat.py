"""Words that mean something in the chat alone: what to write next, by a command."""

from __future__ import annotations

import re

CHAT = re.compile(r"回复[“：]|请回复|直接写|例如：\S+ |待办|(?:看|进度|接单|办结|恢复|撤回|不满意) ?\d{4}")
