"""Command words as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import Command, Word, label, parse
from bot.dates import find_day
from models import Rating

TODAY = date(2026, 11, 23)  # a Monday

NUMBERED = {
    Word.ACCEPT: ("接单", "我接单", "受理"),
    Word.HAND_OVER: ("转派", "转单", "移交"),
    Word.GIVE_BACK: ("退单", "退回"),
    Word.SUSPEND: ("挂起",),
    Word.RESUME: ("恢复", "恢复办理"),
    Word.RESOLVE: ("办结", "已办结"),
    Word.ASK: ("问", "询问"),
    Word.REPLY: ("回复", "答"),
    Word.NOTE: ("备注",),
    Word.LOOK: ("看", "查看"),
    Word.PROGRESS: ("进度", "查进度", "进展"),
    Word.WITHDRAW: ("撤回",),
    Word.CANCEL: ("取消",),
    Word.FALSE_ALARM: ("误报",),
}
PATTERNS = (
    "{verb} 1024",
    "{verb}1024",
    "{verb}，1024",
    "{verb}：1024",
    "{verb} １０２４",
    "{verb}　1024。",
    "{verb}编号1024",
    "{verb} 1024号",
    "{verb} #1024",
    "{verb}一零二四",
    "1024 {verb}",
    "1024{verb}",
    " {verb}  1024 ",
    "“{verb} 1024”",
    "请回复“{verb} 1024”",
)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize(
    ("word", "verb"), [(word, verb) for word, verbs in NUMBERED.items() for verb in verbs]
)
def test_verb_and_number_are_read_in_every_way_of_writing(word: Word, verb: str, pattern: str) -> None:
    found = parse(pattern.format(verb=verb), TODAY)

    assert found is not None
    assert (found.word, found.number) == (word, 1024)


@pytest.mark.parametrize("verb", ["转派", "退单", "办结", "问", "回复", "备注", "不满意", "满意"])
@pytest.mark.parametrize("gap", [" ", "，", "： ", ""])
def test_words_behind_the_number_are_kept_as_written(verb: str, gap: str) -> None:
    found = parse(f"{verb}1024{gap}已修好，ＯＫ！", TODAY)

    assert found is not None
    assert found.number == 1024
    assert found.words == "已修好，ＯＫ！"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("接单", Word.ACCEPT),
        ("接单了", Word.ACCEPT),
        ("待办", Word.TODO),
        ("进度？", Word.PROGRESS),
        ("更多", Word.MORE),
        ("接着看", Word.MORE),
        ("下一页", Word.MORE),
        ("还有呢", Word.MORE),
        ("全部进度", Word.PROGRESS),
        ("我的全部诉求", Word.PROGRESS),
        ("人工", Word.HUMAN),
        ("转人工", Word.HUMAN),
        ("菜单", Word.MENU),
        ("HELP", Word.MENU),
        ("误报！", Word.FALSE_ALARM),
        ("绑定", Word.BIND),
        ("接受", Word.TAKE_OFFER),
        ("放弃", Word.LEAVE_OFFER),
        ("一般", Word.RATE),
        ("看", Word.LOOK),
    ],
)
def test_words_alone(text: str, word: Word) -> None:
    assert parse(text, TODAY) is not None
    assert parse(text, TODAY).word is word  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("接 单 1078", Command(Word.ACCEPT, 1078)),
        ("接  单1078", Command(Word.ACCEPT, 1078)),
        ("1078 接 单", Command(Word.ACCEPT, 1078)),
        ("满 意", Command(Word.RATE, rating=Rating.HAPPY)),
        ("不 满 意 1078 还是不亮", Command(Word.RATE, 1078, "还是不亮", rating=Rating.UNHAPPY)),
        ("不 满意", Command(Word.RATE, rating=Rating.UNHAPPY)),
        ("办 结 1078 修好了", Command(Word.RESOLVE, 1078, "修好了")),
        ("进　度", Command(Word.PROGRESS)),
        ("“待 办”", Command(Word.TODO)),
        ("答 复 1078 明天来", Command(Word.REPLY, 1078, "明天来")),
        ("答 复印件带两份", Command(Word.REPLY, words="复印件带两份")),
        ("请回复“撤 回 1078”", Command(Word.WITHDRAW, 1078)),
        ("看 一下 1078", Command(Word.LOOK, 1078)),
    ],
)
def test_a_blank_inside_a_verb_is_none(text: str, command: Command) -> None:
    assert parse(text, TODAY) == command


@pytest.mark.parametrize(
    "text",
    [
        "看 病太贵了",
        "问 一下医保怎么办",
        "看 一下 3号楼的灯",
        "还有呢子大衣丢了",
        "一 般情况下医保怎么报",
        "人 工湖脏了",
        "待 办事情太多",
        "取 消低保怎么回事",
        "满 意度调查是什么",
        "退 回押金",
        "活 动室的灯坏了",
        "生 日蛋糕店太吵",
        "我 的医保卡丢了",
        "办 好事不容易",
        "更 多的路灯坏了",
        "进 度太慢了",
    ],
)
def test_a_sentence_with_blanks_is_no_command(text: str) -> None:
    assert parse(text, TODAY) is None


@pytest.mark.parametrize(
    "text",
    [
        "看病太贵了",
        "看 3号楼的灯坏了",
        "问一下医保怎么办",
        "进度太慢了",
        "撤回押金要多久",
        "一般情况下医保怎么报",
        "人工湖脏了",
        "12345热线打不通",
        "1024路公交车不来",
        "办结了吗",
        "待办事情太多",
        "取消低保怎么回事",
        "满意度调查是什么",
        "绑了绳子的树",
        "更多的路灯坏了",
        "回复我一下",
        "退回押金",
        "恢复供电要多久",
        "接单员态度差",
        "2026年养老金怎么算",
        "我家漏水",
        "放弃治疗的老人",
        "问题很多",
        "",
        "，。！",
    ],
)
def test_ordinary_sentences_are_no_commands(text: str) -> None:
    assert parse(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "rating", "words"),
    [
        ("满意", Rating.HAPPY, ""),
        ("很满意", Rating.HAPPY, ""),
        ("满意 谢谢你们", Rating.HAPPY, "谢谢你们"),
        ("不满意", Rating.UNHAPPY, ""),
        ("不满意，还是不亮", Rating.UNHAPPY, "还是不亮"),
        ("一般 1024 来得慢", Rating.FAIR, "来得慢"),
        ("1024不满意", Rating.UNHAPPY, ""),
    ],
)
def test_verdicts(text: str, rating: Rating, words: str) -> None:
    found = parse(text, TODAY)

    assert found is not None
    assert (found.rating, found.words) == (rating, words)


@pytest.mark.parametrize(
    ("text", "until", "words"),
    [
        ("挂起 1024 12月1日 等材料", date(2026, 12, 1), "等材料"),
        ("挂起 1024 等材料，12月1日", date(2026, 12, 1), "等材料"),
        ("挂起1024 12-1 等材料", date(2026, 12, 1), "等材料"),
        ("挂起 1024 2027-01-05 等材料", date(2027, 1, 5), "等材料"),
        ("挂起 1024 2027年1月5日 等材料", date(2027, 1, 5), "等材料"),
        ("挂起 1024 1月5号 等材料", date(2027, 1, 5), "等材料"),
        ("挂起 1024 明天 等材料", date(2026, 11, 24), "等材料"),
        ("挂起 1024 大后天 等材料", date(2026, 11, 26), "等材料"),
        ("挂起 1024 三天 等材料", date(2026, 11, 26), "等材料"),
        ("挂起 1024 10天后 等材料", date(2026, 12, 3), "等材料"),
        ("挂起 1024 两周 等材料", date(2026, 12, 7), "等材料"),
        ("挂起 1024 下周一 等材料", date(2026, 11, 30), "等材料"),
        ("挂起 1024 周三 等材料", date(2026, 11, 25), "等材料"),
        ("挂起 1024 月底 等材料", date(2026, 11, 30), "等材料"),
        ("挂起 1024 下个月底 等材料", date(2026, 12, 31), "等材料"),
        ("挂起 1024 11月20日 等材料", date(2026, 11, 20), "等材料"),
        ("挂起 1024 等材料", None, "等材料"),
        ("挂起 1024 13月40日 等材料", None, "13月40日 等材料"),
    ],
)
def test_a_suspension_names_its_day(text: str, until: date | None, words: str) -> None:
    assert parse(text, TODAY) == Command(Word.SUSPEND, 1024, words, until)


@pytest.mark.parametrize(
    ("text", "digit"), [("1", 1), ("２", 2), ("选3", 3), ("第2个", 2), ("1。", 1), ("12", 12)]
)
def test_bare_digits(text: str, digit: int) -> None:
    assert parse(text, TODAY) == Command(Word.DIGIT, digit)


@pytest.mark.parametrize("text", ["1024", "１０２４", "#1024", "1024号"])
def test_a_bare_number_is_no_digit(text: str) -> None:
    assert parse(text, TODAY) == Command(Word.NUMBER, 1024)


@pytest.mark.parametrize(
    ("text", "words"), [("绑定 ABCD2345", "ABCD2345"), ("绑定abcd2345", "abcd2345"), ("绑定渡江村", "渡江村")]
)
def test_what_to_bind_to(text: str, words: str) -> None:
    assert parse(text, TODAY) == Command(Word.BIND, words=words)


def test_a_short_number_is_believed_when_nothing_follows() -> None:
    assert parse("接单 12", TODAY) == Command(Word.ACCEPT, 12)


def test_every_command_has_a_name_to_show() -> None:
    assert label(Command(Word.RATE, rating=Rating.UNHAPPY)) == "不满意"
    assert label(Command(Word.ACCEPT)) == "接单"
    assert label(Command(Word.DIGIT)) == ""


@given(st.text(max_size=400))
def test_any_text_is_read_without_failing(text: str) -> None:
    found = parse(text, TODAY)
    assert found is None or isinstance(found, Command)


@given(st.sampled_from(["回复", "请回复“", "看", "问", "接单 "]), st.integers(1, 1500))
def test_repeated_beginnings_end(start: str, times: int) -> None:
    found = parse(start * times, TODAY)
    assert found is None or isinstance(found, Command)


@given(st.text(alphabet="0123456789年月日天周后一二三下个底/-. ", max_size=30))
def test_any_day_is_a_day_or_none(text: str) -> None:
    found = find_day(text, TODAY)
    assert found is None or 0 <= found.start < found.end <= len(text)
