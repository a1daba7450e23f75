"""Words which say that what was done did not help."""

from __future__ import annotations

import pytest

from nlp.unmended import unmended


@pytest.mark.parametrize(
    "text",
    [
        "没修好",
        "还没修好",
        "没有弄好啊",
        "没给我修好",
        "還是壞的",
        "还是坏的",
        "还是不亮",
        "还在漏",
        "又坏了",
        "昨天刚修的，今天又漏了",
        "根本没弄",
        "根本就没人来",
        "压根没人管",
        "没解决",
        "没有彻底解决",
        "白修了",
        "修了跟没修一样",
        "还是老样子",
        "不管用",
        "没用",
        "没好",
        "水还是黄的",
        "还是有味道",
        "没人来过",
        "我没看到有人来",
    ],
)
def test_what_did_not_help_is_understood(text: str) -> None:
    assert unmended(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "三组路灯不亮",
        "修好了，谢谢",
        "路灯坏了",
        "我家没水",
        "没好处的事不干",
        "还有一件事",
        "又来麻烦你们了",
        "没用过这个",
        "还是谢谢你们",
        "没人扫地",
        "又有人打架",
        "还是不用了",
        "还是算了",
        "是左边还是右边",
    ],
)
def test_other_words_are_not(text: str) -> None:
    assert not unmended(text)
