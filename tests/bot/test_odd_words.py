"""Words that no test of a feature thinks of, inside sound messages: all are answered, none is left over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.wire.characters import strip_forbidden
from models import Delivery, Notice
from sandbox.accounts import Account
from tests.bot.posting import MINI, OA, PLAIN, Line, shown, text_fields
from tests.bot.unharmed import unharmed
from tests.spoiling import act, as_json, sealed

_VERBS = """
接单 转派 退单 挂起 恢复 办结 问 回复 备注 看 待办 进度 撤回 满意 一般 不满意 误报
绑定 更多 人工 菜单 另报 接受 放弃 取消
"""
_NUMBERS = "0 -1 7 999 1001 #1001号 １００１ ① ٣ Ⅷ 1.5 1e9 第1001 一二三四五 999999999999"
_DAYS = """
13月45日 0月0日 2月30日 2月29日 12月1日 12.1 2000年1月1日 2099年12月31日
9999年12月31日 999天后 十十天 99周后 昨天
下下下周日 下个月底
"""
_MARKS = r"""
😀 👨‍👩‍👧 👍🏽 é ﷺ 𠮷 ]]> <xml> <![CDATA[ &lt; &#0; &a; { {0} {number} %s %(number)s
\ \u0000 \x00 ' " ';-- $1 ?1 $$ /* NULL
None success http://x/?a=1&b=2 。 ？？？ …… 1， ，1
11010519491231002X 6222021234567890128 着火了 不想活了 谢谢 老槐树 书记收钱
"""
_UNSEEN = "\x00 \x1b[31m \x7f \ufeff \ufffe \ud800 \udfff \u202e反转 \u2066 \u200f \u200d"

VERBS = _VERBS.split()
NUMBERS = (*_NUMBERS.split(), "9" * 19, "9" * 23, "9" * 400, "〇" * 12)
DAYS = _DAYS.split()
SPICES = (
    *_MARKS.split(),
    *_UNSEEN.split(" "),
    *("", " ", "\n", "\t\n ", "\u3000", "\xa0", "\x85", "\u2028"),
    *("水" * 200, "x" * 4096, "三组" * 3000, "1 " * 3000, "。" * 5000, "路灯坏了，" * 1500),
    *("水" * 12_000, "x" * 20_000),
)
Sweep = Iterator[tuple[str, list[str]]]
SPEAKERS = ("grid-3", "resident-1", "grid-3", "stranger", "leader-3", "grid-3", "org-1", "villager", "duty-1")

odd = st.sampled_from([*NUMBERS, *DAYS, *SPICES]) | st.text(max_size=8)
sentences = st.builds(
    lambda verb, gap, rest: f"{verb}{gap}{rest}"[:11_000],
    st.sampled_from([*VERBS, ""]),
    st.sampled_from(["", " ", "，"]),
    st.lists(odd, max_size=3).map("".join),
)
speakers = st.sampled_from(SPEAKERS)
repeatable = settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
async def busy(line: Line) -> Line:
    """A village in which grid-3 and org-1 have something in hand, so that commands find what they mean."""
    for words in ("三组路灯不亮", "奶奶没人做饭，想要老人吃饭的助餐"):
        _ = await line.say(words)
    _ = await line.say("接单 1001", "grid-3")
    return line


async def say(line: Line, words: str, openid: str, account: Account = PLAIN) -> None:
    """Send words in JSON, which carries any character; there must be an answer to all that has one left."""
    fields = text_fields(words, openid, account)
    response = await line.post(sealed(account, as_json(fields)), account.account)
    assert response.status_code == 200
    assert bool(shown(response, openid, account)) == bool(strip_forbidden(words).strip())


def commands() -> Sweep:
    """Every command with every number, and every day to suspend until."""
    for verb in VERBS:
        yield (
            verb,
            [f"{verb}{number}" for number in NUMBERS[::2]] + [f"{verb} {one}，原因" for one in NUMBERS],
        )
    yield "挂起", [f"挂起 1001 {day} 等材料" for day in DAYS] + [f"挂起{day}" for day in DAYS]


def remarks() -> Sweep:
    """Every odd word alone, in a sentence, and where a command takes words."""
    for spice in SPICES:
        begun = ("", "三组路灯不亮", "绑定 ", "备注 1001 ", "回复1001")
        yield repr(spice[:20]), [f"{begin}{spice}" for begin in begun]


@pytest.mark.parametrize("sweep", [commands, remarks])
async def test_every_odd_word_is_answered_wherever_it_stands(busy: Line, sweep: Callable[[], Sweep]) -> None:
    people = cycle(SPEAKERS)
    for what, sentences_of_it in sweep():
        try:
            async with unharmed():
                for words in sentences_of_it:
                    await say(busy, words, next(people))
        except AssertionError as failure:
            failure.add_note(what)
            raise


@repeatable
@given(words=sentences, openid=speakers, account=st.sampled_from([OA, PLAIN]))
async def test_whatever_is_written_is_answered(busy: Line, words: str, openid: str, account: Account) -> None:
    async with unharmed():
        await say(busy, words, openid, account)


@repeatable
@given(data=st.data(), openid=speakers)
async def test_odd_words_beside_a_voice_a_place_or_a_tap_do_no_harm(
    busy: Line, data: st.DataObject, openid: str
) -> None:
    kind = data.draw(st.sampled_from(["voice", "location", "link", "CLICK", "SCAN", "subscribe"]))
    names = ("recognition", "label", "title", "description", "url", "event_key")
    fields = act(kind, OA, openid, **{name: data.draw(sentences)[:3000] for name in names})
    async with unharmed():
        response = await busy.post(sealed(OA, as_json(fields)))

    assert response.status_code == 200
    _ = shown(response, openid)


@repeatable
@given(words=sentences)
async def test_what_the_mini_program_sends_is_answered_by_push(busy: Line, words: str) -> None:
    before = await Delivery.filter(notice=Notice.REPLY, account="mini").count()
    async with unharmed():
        response = await busy.post(sealed(MINI, as_json(text_fields(words, "mini-1", MINI))), "mini")

    assert response.text == "success"
    pushed = await Delivery.filter(notice=Notice.REPLY, account="mini").count() - before
    assert bool(pushed) == bool(strip_forbidden(words).strip())
