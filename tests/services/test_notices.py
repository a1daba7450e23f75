"""What a push says: enough to act on, nothing that is others' business, and cards WeChat takes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.wechat_fields import fit_fields
from models import Appeal, AppealStatus, Category, Notice, Urgency
from sandbox import Template
from sandbox.template_fields import check
from services import notices

WORDS = "我家老人李某某摔倒了 13812345678"
DEADLINE = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


def _appeal(**values: Any) -> Appeal:
    defaults = {"id": 1024, "text": WORDS, "place": "三组李家", "status": AppealStatus.ASSIGNED}
    return Appeal(**defaults | {"urgency": Urgency.NORMAL, "about_conduct": False} | values)


def _category(**values: Any) -> Category:
    return Category(**{"code": "elderly_care", "name": "养老助老", "delicate": False} | values)


def _assigned(appeal: Appeal, category: Category) -> notices.Payload:
    return notices.assigned(
        appeal, category=category, grid_name="三组", deadline=DEADLINE, community_name="新联村"
    )


def test_a_new_owner_reads_number_category_grid_deadline_and_how_to_answer() -> None:
    text = _assigned(_appeal(urgency=Urgency.URGENT), _category())["text"]

    for part in ("1024", "养老助老", "新联村三组", "11月24日 10:30", "紧急", "接单 1024", "看 1024"):
        assert part in text


@pytest.mark.parametrize(
    ("appeal", "category"),
    [({}, {"delicate": True, "name": "心理疏导"}), ({"about_conduct": True}, {"name": "干部作风"})],
)
def test_a_delicate_matter_is_a_number_and_by_when_to_accept(
    appeal: dict[str, Any], category: dict[str, Any]
) -> None:
    payload = _assigned(_appeal(**appeal), _category(**category))

    everything = f"{payload['text']} {payload['fields']}"
    assert "1024" in everything
    assert "11月24日 10:30" in payload["text"]
    assert payload["fields"]["deadline"] == "2026-11-24 10:30"
    for secret in (category["name"], "三组"):
        assert secret not in everything


def _every_push() -> dict[Notice, notices.Payload]:
    appeal, category = _appeal(), _category()
    return {
        Notice.ASSIGNED: _assigned(appeal, category),
        Notice.ALERT: notices.alert(
            appeal, category=category, grid_name="三组", community_name="新联村", numbers="120"
        ),
        Notice.STAND_DOWN: notices.stand_down_words(appeal),
        Notice.PROGRESS: notices.progress(appeal, "三组网格员已接单，会尽快联系您。" * 3),
        Notice.REMIND: notices.remind(appeal, "请在 11月24日 10:30 前接单"),
        Notice.ESCALATED: notices.escalated(appeal, "接单超时，已改派给新联村值班"),
        Notice.SUPERVISOR: notices.supervisor(appeal, "三组网格员接单超时"),
        Notice.ASKED: notices.asked(appeal, "家里有人吗？😀", who="三组网格员"),
        Notice.ANSWERED: notices.answered(appeal, "有人"),
    }


def test_no_push_holds_what_the_resident_wrote_or_who_they_are() -> None:
    for payload in _every_push().values():
        for secret in (WORDS, "李某某", "李家", "13812345678"):
            assert secret not in f"{payload['text']} {payload['fields']}"


@pytest.mark.parametrize("notice", sorted(set(Notice) - {Notice.REPLY, Notice.PLACE, Notice.REMINDER}))
@pytest.mark.parametrize("repeat", [False, True])
def test_every_card_keeps_the_rules_of_the_platform(notice: Notice, repeat: bool) -> None:
    payload = _every_push()[notice]
    layout = notices.LAYOUTS[notice]
    template = Template("t", "标题", {key: name for name, key in layout.slots.items()})

    values = fit_fields(notices.template_values(notice, payload["fields"], repeat=repeat))

    shown = check(template, {key: {"value": value} for key, value in values.items()})
    assert shown[layout.slots["number"]] == "1024"
    assert ("可能重复" in shown[layout.slots["words"]]) is repeat


def test_every_notice_that_has_a_card_is_given_all_its_fields() -> None:
    for notice, payload in _every_push().items():
        missing = set(notices.LAYOUTS[notice].slots) - set(payload["fields"])
        assert not missing, notice


def test_an_answer_in_a_delicate_matter_has_to_be_looked_up() -> None:
    open_one = notices.answered(_appeal(), "他打我")
    delicate = notices.answered(_appeal(), "他打我", delicate=True)

    assert "他打我" in open_one["text"]
    assert "他打我" not in f"{delicate['text']} {delicate['fields']}"
    assert "看 1024" in delicate["text"]


def test_an_answer_in_a_chat_is_its_words_and_nothing_else() -> None:
    assert notices.reply("好的") == {"text": "好的", "fields": {}}
