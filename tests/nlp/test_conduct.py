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
    ],
)
def test_misconduct_in_office_is_recognised(text: str) -> None:
    assert about_conduct(text)


@pytest.mark.parametrize(
    "text",
    [
        "医院医生态度恶劣",
        "老师收红包",
        "物业不作为",
        "公司克扣工资",
        "书记好",
        "村里的账不公开",
        "快递员态度差",
        "路灯坏了",
        "邻居打人",
    ],
)
def test_others_who_behave_badly_are_not_meant(text: str) -> None:
    assert not about_conduct(text)
