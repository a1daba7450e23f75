"""Commands in chat, `接单 1024` and the like: what was meant, or None when the text is no command. Pure.

People write commands with and without blanks (接 单), with full-width digits, with a comma, with the number
first, and with the whole hint copied (`回复“进度 1024”`). An ordinary sentence that merely begins like a
command (看病太贵了) must not become one, hence the shapes below.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, StrEnum, auto

from bot.codes import sent_alone
from bot.dates import find_day
from models.types import Rating


class Word(StrEnum):
    """What a command asks for."""

    ACCEPT = "accept"
    HAND_OVER = "hand_over"
    GIVE_BACK = "give_back"
    SUSPEND = "suspend"
    RESUME = "resume"
    RESOLVE = "resolve"
    ASK = "ask"
    REPLY = "reply"
    NOTE = "note"
    LOOK = "look"
    TODO = "todo"
    PROGRESS = "progress"
    WITHDRAW = "withdraw"
    RATE = "rate"
    FALSE_ALARM = "false_alarm"
    BIND = "bind"
    MORE = "more"
    HUMAN = "human"
    MENU = "menu"
    ANOTHER = "another"
    TAKE_OFFER = "take_offer"
    LEAVE_OFFER = "leave_offer"
    ACTIVITIES = "activities"
    SIGN_UP = "sign_up"
    MINE = "mine"
    CANCEL = "cancel"
    CHILD = "child"
    ELDER = "elder"
    BORN = "born"
    APPEAL_BLOCK = "appeal_block"
    SURVEY = "survey"
    DIGIT = "digit"
    NUMBER = "number"


FOR_RESPONDERS = frozenset(
    {
        Word.ACCEPT,
        Word.HAND_OVER,
        Word.GIVE_BACK,
        Word.SUSPEND,
        Word.RESUME,
        Word.RESOLVE,
        Word.ASK,
        Word.NOTE,
        Word.LOOK,
        Word.TODO,
    }
)
"""Commands of grid members, organizations and staff."""


@dataclass(frozen=True, slots=True)
class Command:
    """`number` is the appeal's, or the digit itself for DIGIT; `words` is what followed, as written."""

    word: Word
    number: int | None = None
    words: str = ""
    until: date | None = None
    rating: Rating | None = None


class _Shape(Enum):
    ALONE = auto()  # nothing may follow
    NUMBER = auto()  # alone, or a number and then words
    NUMBERED = auto()  # a number must follow, or a gap and words
    WORDS = auto()  # alone, a number and words, or a gap and words


@dataclass(frozen=True, slots=True)
class _Form:
    word: Word
    shape: _Shape
    spellings: str
    rating: Rating | None = None


_FORMS = (
    _Form(Word.ACCEPT, _Shape.NUMBER, "接单 我接单 受理 我来办 我接"),
    _Form(Word.HAND_OVER, _Shape.WORDS, "转派 转单 移交"),
    _Form(Word.GIVE_BACK, _Shape.WORDS, "退单 退回"),
    _Form(Word.SUSPEND, _Shape.WORDS, "挂起"),
    _Form(Word.RESUME, _Shape.NUMBER, "恢复办理 恢复"),
    _Form(Word.RESOLVE, _Shape.WORDS, "办结 已办结 办好 办完"),
    _Form(Word.ASK, _Shape.NUMBERED, "问 询问 追问"),
    _Form(Word.REPLY, _Shape.NUMBERED, "回复 答复 回答 答"),
    _Form(Word.NOTE, _Shape.NUMBERED, "备注 记录"),
    _Form(Word.LOOK, _Shape.NUMBER, "看 查看 详情"),
    _Form(Word.TODO, _Shape.NUMBER, "待办 我的待办 待办事项"),
    _Form(
        Word.PROGRESS,
        _Shape.NUMBER,
        "进度 进展 查进度 查进展 查询进度 办理进度 我的诉求 我的全部诉求 全部进度",
    ),
    _Form(Word.WITHDRAW, _Shape.NUMBER, "撤回 撤销"),
    _Form(Word.CANCEL, _Shape.WORDS, "取消 我要取消 帮我取消 取消报名 取消预约"),
    _Form(
        Word.RATE,
        _Shape.WORDS,
        "满意 满意的 很满意 非常满意 挺满意 挺满意的 蛮满意 蛮满意的 比较满意 我满意 我很满意 好评",
        Rating.HAPPY,
    ),
    _Form(Word.RATE, _Shape.WORDS, "一般 一般般 还行 还可以", Rating.FAIR),
    _Form(
        Word.RATE,
        _Shape.WORDS,
        "不满意 很不满意 非常不满意 不太满意 不怎么满意 有点不满意 我不满意 我很不满意 差评",
        Rating.UNHAPPY,
    ),
    _Form(Word.FALSE_ALARM, _Shape.NUMBER, "误报 是误报 误报警"),
    _Form(
        Word.BIND,
        _Shape.WORDS,
        "绑定 我要绑定 重新绑定 解绑 解除绑定 换绑 改绑 换村 我想换村 我要换村 我搬家",
    ),
    _Form(Word.MORE, _Shape.ALONE, "更多 更多内容 接着看 下一页 还有呢"),
    _Form(Word.HUMAN, _Shape.ALONE, "人工 转人工 找人工 人工服务 人工客服 找工作人员"),
    _Form(Word.MENU, _Shape.ALONE, "菜单 帮助 功能 怎么用 help"),
    _Form(Word.ANOTHER, _Shape.WORDS, "另报 另外反映"),
    _Form(Word.ACTIVITIES, _Shape.ALONE, "活动 看活动 有什么活动 有哪些活动"),
    _Form(Word.SIGN_UP, _Shape.WORDS, "报名 我要报名 预约 认领"),
    _Form(Word.MINE, _Shape.ALONE, "我的 我的报名 我的活动"),
    _Form(Word.CHILD, _Shape.WORDS, "孩子 登记孩子"),
    _Form(Word.ELDER, _Shape.WORDS, "老人 登记老人"),
    _Form(Word.BORN, _Shape.WORDS, "生日 我的生日 出生日期"),
    _Form(Word.APPEAL_BLOCK, _Shape.WORDS, "申诉 我要申诉"),
    _Form(Word.SURVEY, _Shape.WORDS, "评价 我要评价 评价活动"),
    _Form(Word.TAKE_OFFER, _Shape.WORDS, "接受"),
    _Form(Word.LEAVE_OFFER, _Shape.WORDS, "放弃"),
)
_CLOSE = frozenset({Word.BIND, Word.SURVEY})
"""What follows may stand close: 评价书画室5分. Whoever carries it out tells a sentence from it."""
_BY_SPELLING = {spelling: form for form in _FORMS for spelling in form.spellings.split()}
# Longest first, so that 不满意 is not read as 满意, nor 查看 as 看.
_LONGEST_FIRST = sorted(_BY_SPELLING, key=len, reverse=True)
_SPELLINGS = "|".join(_LONGEST_FIRST)
_SPACED = "|".join(" *".join(one) for one in _LONGEST_FIRST)
"""With blanks inside, as some keyboards put them: 接 单."""

_NUMBERLESS = frozenset({Word.BIND, Word.BORN, Word.CHILD, Word.ELDER})
"""Commands behind which digits are a code or a date, no appeal."""

# One to one, so that places in the narrow text are places in the written one.
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x0A: 0x20, 0xA0: 0x20}
_SPOKEN_DIGITS = str.maketrans("零〇一二三四五六七八九幺两", "0012345678912")

_GAP = r"[\s,:;、。.!—-]*"
_SOME_GAP = r"[\s,:;、。.!—-]+"
# Four digits or more, or spoken one by one; not the year of a date, not a house or a sum.
_DIGITS = r"(?:[0-9]{4,12}|[零〇一二三四五六七八九幺]{4,12})(?![0-9]|[年月天元块米路栋幢室]|\s*-)"
_NUMBER = rf"(?:编号|诉求|第|#)?\s*(?P<number>{_DIGITS})(?:号|#)?"
_SHORT_NUMBER = r"(?:编号)?\s*(?P<short>[0-9]{1,3})"

_VERB_FIRST, _SPACED_FIRST = (
    re.compile(rf"(?P<spelling>{one})(?: *一下|了|吧|啊|哦)?(?P<rest>.*)", re.IGNORECASE)
    for one in (_SPELLINGS, _SPACED)
)
_NUMBER_FIRST = re.compile(rf"{_NUMBER}{_GAP}(?P<spelling>{_SPACED})(?:了|吧|啊|哦)?(?P<rest>.*)")
_LEADING_NUMBER = re.compile(rf"{_GAP}{_NUMBER}{_GAP}(?P<words>.*)")
_LEADING_SHORT = re.compile(rf"{_GAP}{_SHORT_NUMBER}{_GAP}")
_LEADING_ZERO = re.compile(rf"{_GAP}(?:编号)?\s*0+(?![.-][0-9]){_SOME_GAP}(?P<words>.*)")
_LEADING_GAP = re.compile(rf"{_SOME_GAP}(?P<words>.*)")
_BARE_DIGIT = re.compile(
    rf"{_GAP}(?:(?:选|第)?\s*(?P<digit>[0-9]{{1,3}})(?:号|个|项|场)?"
    rf"|(?:选第?|第)\s*(?P<spelt>[一二两三四五六七八九])(?:号|个|项|场)?){_GAP}"
)
_BARE_NUMBER = re.compile(rf"{_GAP}(?!1[3-9][0-9]{{9}}(?![0-9])){_NUMBER}{_GAP}")
"""A number alone is an appeal's, but not what somebody's mobile phone has."""
_VERB_AND_NAME = re.compile(r"(?:我要|帮我)?(?P<spelling>取消|接受|放弃)(?P<words>.+)")
_COPIED_HINT = re.compile(r"(?:请)?(?:直接)?回复\s*[:]?\s*(?P<inside>.+)")
_QUOTES = "“”\"'‘’「」『』【】《》()<>[] "


def parse(text: str, today: date) -> Command | None:
    """The command in `text`, or None for an ordinary message; `today` (China) gives a date its year."""
    text = _unquoted(text)
    found = _read(text)
    if found is None and (hint := _COPIED_HINT.fullmatch(text.translate(_NARROW))):
        found = _read(_unquoted(text[hint.start("inside") :]))
    if found is None and (code := sent_alone(text)):
        return Command(Word.BIND, words=code)
    return _dated(found, today) if found and found.word is Word.SUSPEND else found


def verb_and_name(text: str) -> Command | None:
    """取消四点半学堂, without a gap: a command only where somebody is signed up for what it names."""
    match = _VERB_AND_NAME.fullmatch(_unquoted(text))
    return Command(_BY_SPELLING[match["spelling"]].word, words=match["words"].strip()) if match else None


def _unquoted(text: str) -> str:
    return text.strip().strip(_QUOTES).strip()


def _read(text: str) -> Command | None:
    narrow = text.translate(_NARROW)
    return (
        _bare(narrow)
        or _number_first(text, narrow)
        or _verb_first(_SPACED_FIRST, text, narrow)
        or _verb_first(_VERB_FIRST, text, narrow)
    )


def _bare(narrow: str) -> Command | None:
    if match := _BARE_DIGIT.fullmatch(narrow):
        return Command(Word.DIGIT, _number(match["digit"] or match["spelt"]))
    if match := _BARE_NUMBER.fullmatch(narrow):
        return Command(Word.NUMBER, _number(match["number"]))
    return None


def _number_first(text: str, narrow: str) -> Command | None:
    match = _NUMBER_FIRST.match(narrow)
    if match is None:
        return None
    form, rest = _form(match), match["rest"]
    words = _after_gap(text, match.start("rest"), rest)
    if form.shape is _Shape.ALONE or words is None:
        return None
    return Command(form.word, _number(match["number"]), words, rating=form.rating)


def _verb_first(shape: re.Pattern[str], text: str, narrow: str) -> Command | None:
    match = shape.fullmatch(narrow)
    if match is None:
        return None
    form, rest, start = _form(match), match["rest"], match.start("rest")
    if not rest.strip(" ,:;、。.!?~—-"):
        return None if form.shape is _Shape.NUMBERED else Command(form.word, rating=form.rating)
    if form.shape is _Shape.ALONE:
        return None
    numbered = _numbered(form, text, rest, start) if form.word not in _NUMBERLESS else None
    return numbered or _worded(form, text, rest, start)


def _form(match: re.Match[str]) -> _Form:
    return _BY_SPELLING[match["spelling"].replace(" ", "").lower()]


def _numbered(form: _Form, text: str, rest: str, start: int) -> Command | None:
    if match := _LEADING_NUMBER.fullmatch(rest):
        words = text[start + match.start("words") :].strip()
        return Command(form.word, _number(match["number"]), words, rating=form.rating)
    # A short number is only believed when nothing follows: 看 3号楼的灯 is a sentence.
    if match := _LEADING_SHORT.fullmatch(rest):
        return Command(form.word, int(match["short"]), rating=form.rating)
    # 0 is nobody's number: it must be told so, and not be done to the only appeal that fits.
    if match := _LEADING_ZERO.fullmatch(rest):
        return Command(form.word, 0, text[start + match.start("words") :].strip(), rating=form.rating)
    return None


def _worded(form: _Form, text: str, rest: str, start: int) -> Command | None:
    if form.shape is _Shape.NUMBER:
        return None
    words = _after_gap(text, start, rest)
    # A sentence may begin with 生日, no sentence goes on with a year.
    dated = form.word is Word.BORN and rest[:1].isdecimal()
    if words is None and (dated or form.word in _CLOSE):
        words = text[start:].strip()
    return None if words is None else Command(form.word, words=words, rating=form.rating)


def _after_gap(text: str, start: int, rest: str) -> str | None:
    """The words behind a gap, "" where there are none, None where the sentence simply goes on."""
    if not rest.strip(" ,:;、。.!?~—-"):
        return ""
    match = _LEADING_GAP.fullmatch(rest)
    return text[start + match.start("words") :].strip() if match else None


def _dated(command: Command, today: date) -> Command:
    found = find_day(command.words.translate(_NARROW), today)
    if found is None:
        return command
    reason = f"{command.words[: found.start]} {command.words[found.end :]}".strip(" ，,、。:：到至止")
    return replace(command, until=found.day, words=" ".join(reason.split()))


def _number(digits: str) -> int:
    return int(digits.translate(_SPOKEN_DIGITS))


def label(command: Command) -> str:
    """How people write this command."""
    fitting = (form for form in _FORMS if form.word is command.word and form.rating is command.rating)
    return next((form.spellings.split()[0] for form in fitting), "")
