"""Understanding one message of fifty characters beside `jieba.lcut` of it, in one process, turn by turn."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import jieba

from bench.figures import Report, Spread, ratios
from nlp.judge import judge
from nlp.pack import load_pack
from nlp.places import Gazetteer
from scripts.demo import ALIASES, COMMUNITIES

CHARACTERS = 50
ROUNDS = 40
TIMES = 2.0
_BEGUN = (
    "您好，我是新联村三组的村民，我们这一排房子后面的下水道堵了一个多月了，一下雨污水就往院子里倒灌，希望村里来看看",
    "村里通往小学的那条路坑坑洼洼，下雨天全是积水，孩子们骑车上学很危险，前天还有老人摔了一跤，请尽快安排修一修",
    "我母亲今年八十三岁，一个人住在老房子里，平时没有人照顾，吃饭洗澡都不方便，想问问村里有没有送餐或者上门服务",
    "小区门口的垃圾桶经常满出来没有人清理，夏天味道特别大，苍蝇蚊子很多，住在一楼的居民连窗户都不敢打开，很难受",
    "请问今年的城乡居民医疗保险什么时候开始交，我外出打工不在家，能不能在手机上帮父母交，需要准备哪些材料和证件呢",
    "楼上一家每天半夜还在唱歌打麻将，声音特别大，跟他们说过好几次都不听，老人有高血压睡不好觉，希望社区出面调解",
    "建议在文化广场边上装几盏路灯和几条长椅，晚上来跳舞散步的人很多，黑灯瞎火的容易绊倒，老年人也没有地方坐着休息",
    "我家承包的鱼塘水位越来越低，排灌站的水泵坏了没人修，再不放水鱼苗就要死光了，损失谁来承担，请农业部门看一下",
)


async def run() -> Report:
    """The median of many rounds, each over the same sentences."""
    report = Report("understanding", f"(c) understanding one message of {CHARACTERS} characters, µs")
    sentences = [one[:CHARACTERS] for one in _BEGUN]
    if any(len(one) < CHARACTERS for one in sentences):
        raise RuntimeError("a sentence is too short to measure with")
    lexicon, gazetteer = load_pack("village").lexicon(), _gazetteer()
    jieba.initialize()
    ways: dict[str, Callable[[str], object]] = {
        "judge": lambda text: judge(text, lexicon, gazetteer),
        "jieba.lcut": jieba.lcut,
    }
    found: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        _micros(way, sentences)
    for _ in range(ROUNDS):
        for name, way in ways.items():
            found[name].append(_micros(way, sentences))
    for name, micros in found.items():
        report.tell(name, Spread.of(micros))
    share = ratios(found["judge"], found["jieba.lcut"])
    report.demand("judge / jieba.lcut", share, f"≤ {TIMES}", lambda it: it <= TIMES)
    report.notes.append(
        "judge: words, category with its reasons, intent, urgency, place in the gazetteer of 新联村, topics"
    )
    return report


def _micros(way: Callable[[str], object], sentences: Sequence[str]) -> float:
    started = time.process_time()  # its own time alone: other programs of the machine count on neither side
    for text in sentences:
        way(text)
    return (time.process_time() - started) / len(sentences) * 1e6


def _gazetteer() -> Gazetteer:
    grids = enumerate(COMMUNITIES[0].grids, start=1)
    names = [(name, number) for number, grid in grids for name in (grid.name, *grid.places)]
    aliases = [(alias, number, name) for name, number in names for alias in ALIASES.get(name, ())]
    return Gazetteer.of([*names, *aliases])
