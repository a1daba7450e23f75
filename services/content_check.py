"""The platform's content check of residents' own words. Calls WeChat, so never inside a transaction.

It answers for people who used the mini-program within two hours. Where it says nothing, words are kept and
a person looks at them (`services/unchecked.py`): nothing that somebody said is lost to a busy platform.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

import structlog

from adapters.wechat import Verdict, WeChatApi, WeChatError, next_midnight
from models import Conversation, WordsCheck, writing
from services import halts
from services.alerts import raise_alert
from services.clock import now
from services.errors import DomainError

log = structlog.get_logger(__name__)

PIECE = 2500
"""Characters that one call takes; the rest would go unread."""
PATIENCE_SECONDS = 4.0
"""How long somebody who submits words is kept waiting for the check, all calls together."""
API = "content_check"
"""What this API is called among those that rest."""

_NOT_ACTIVE = 61010
_SUGGESTIONS = {"pass": WordsCheck.PASSED, "review": WordsCheck.REVIEW, "risky": WordsCheck.RISKY}
_GRAVEST_FIRST = (WordsCheck.RISKY, WordsCheck.REVIEW, WordsCheck.PASSED)

ApiFor = Callable[[str], WeChatApi]


class WordsRefused(DomainError):
    """The platform does not let these words be published."""

    code, status = "words_refused", 422


async def check(api_for: ApiFor | None, talk: Conversation, words: Iterable[str]) -> WordsCheck:
    """What the platform says of these words of whoever speaks in this mini-program conversation.

    Never raises for what the platform does: without an answer in time, or without a way to it
    (`api_for` None), they are unchecked. Nothing said is passed without asking.
    """
    said = "\n".join(one for one in words if one.strip())
    if not said:
        return WordsCheck.PASSED
    if api_for is None or await _rests(talk.account):
        return WordsCheck.UNAVAILABLE
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await _asked(api_for(talk.account), talk.openid, _pieces(said))
    except TimeoutError:
        log.warning("content_check_slow", account=talk.account)
    except WeChatError as error:
        if error.code == _NOT_ACTIVE:
            return WordsCheck.INACTIVE
        await _unavailable(talk.account, error)
    return WordsCheck.UNAVAILABLE


def refuse_risky(found: WordsCheck) -> None:
    """Raises: WordsRefused where the platform lets nobody publish such words."""
    if found is WordsCheck.RISKY:
        raise WordsRefused("您写的话里有微信不让发布的内容，还没有提交。请换个说法再试。")


def _pieces(said: str) -> list[str]:
    return [said[start : start + PIECE] for start in range(0, len(said), PIECE)]


async def _asked(api: WeChatApi, openid: str, pieces: Sequence[str]) -> WordsCheck:
    """The gravest answer; what we do not understand is for a person."""
    suggested = [await api.msg_sec_check(openid, one) for one in pieces]
    found = {_SUGGESTIONS.get(one, WordsCheck.REVIEW) for one in suggested}
    return next(one for one in _GRAVEST_FIRST if one in found)


async def _rests(account: str) -> bool:
    resting = await halts.active()
    return not resting.keys().isdisjoint({(account, API), (account, halts.EVERYTHING)})


async def _unavailable(account: str, error: WeChatError) -> None:
    """Note what only staff can mend, and let the API rest where asking again would do harm."""
    log.warning("content_check_failed", account=account, code=error.code)
    if error.verdict in (Verdict.BACK_OFF, Verdict.REFRESH_TOKEN):
        return
    code = error.code or 0
    async with writing():
        if error.verdict is Verdict.REST_UNTIL_MIDNIGHT:
            await halts.halt(account, API, code=code, until=next_midnight(now()))
        elif error.verdict is Verdict.STOP:
            await halts.halt(account, halts.EVERYTHING, code=code, until=None)
        await raise_alert(
            f"wechat:{account}:{API}:{code}",
            f"账号 {account} 的内容安全检查被拒绝（{error.code}）：{error.message}。"
            "居民写的话先留着，请在后台“待看的话”里看。",
        )
