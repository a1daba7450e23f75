"""Complaints about the conduct of cadres and officials."""

from __future__ import annotations

import pytest

from nlp.conduct import about_conduct


@pytest.mark.parametrize(
    "text",
    [
        "村干部吃拿卡要",
        "书记把低保都给自家亲戚了",
        "窗口工作人员态度恶劣",
        "会计把补贴私吞了",
        "主任收了红包才给办",
        "派出所不作为",
        "村支书贪污",
        "网格员骂人",
        "社区主任上班打牌",
        "三组网格员收了我家的钱不办事",
        "举报三组网格员",
        "我要举报村支书",
        "村长把我家地卖了",
        "网格员上门骚扰我",
        "书记好吃懒做",
        "网格长把菜园子给他亲戚了",
        "村主任贪污修路款",
        "队长打我",
        "被村长打了 村长打人",
        "组长把低保名额分给了自己亲戚",
        "村主任不接电话",
        "网格员电话打不通",
        "村干部找不到人",
        "我们村的村主任电话一直没人接！",
        "给村支书打电话总是不接",
        "联系不上网格员",
        "网格员不回微信，怎么办",
        "村委会电话没人接",
    ],
)
def test_misconduct_in_office_is_recognised(text: str) -> None:
    assert about_conduct(text)


@pytest.mark.parametrize(
    "text",
    [
        "医院医生态度恶劣",
        "物业主任不接电话",
        "路灯坏了，网格员电话打不通",
        "网格员电话打不通，我家漏水了",
        "我家电话打不通",
        "我想给村主任打电话",
        "村主任电话多少",
        "找不到村委会在哪",
        "找村主任",
        "老师收红包",
        "物业不作为",
        "公司克扣工资",
        "书记好",
        "村里的账不公开",
        "快递员态度差",
        "路灯坏了",
        "邻居打人",
        "网格员你好，邻居骂我",
        "请村干部来劝劝 隔壁打人",
        "找村长说说邻居欺负我",
        "麻烦网格员来看一下，有人打架",
        "村长什么时候来修路",
        "网格员还没来",
        "业委会主任收了物业费不公开",
        "书记，我家地被水淹了",
        "请网格员帮忙把坏路灯修一下",
        "村里把路修了 谢谢书记",
    ],
)
def test_others_who_behave_badly_are_not_meant(text: str) -> None:
    assert not about_conduct(text)
