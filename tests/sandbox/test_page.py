"""The chat page in a real browser: live, in Chinese, and deaf to markup."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, Route, async_playwright, expect

from tests.sandbox.conftest import PLAIN, Received, Sandbox
from tests.sandbox.test_say import echo
from tests.services_at_hand import require_chromium

pytestmark = pytest.mark.browser

# The machine that runs the tests may be busy.
expect.set_options(timeout=20_000)

MARKUP = "<img src=x onerror=\"document.title='broken'\"><b>漏水</b> 😀"


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[Page]:
    """The chat page on a laptop's screen; any script error fails the test."""
    path = require_chromium()
    errors: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1366, "height": 680})
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(str(sandbox.http.base_url).removesuffix("api/"))
        await expect(page.get_by_role("status")).to_have_text("实时")
        yield page
        await browser.close()
    assert errors == []


async def test_a_sentence_and_its_answer_appear_on_the_phone_that_spoke(sandbox: Sandbox, page: Page) -> None:
    sandbox.official.answer = echo

    await page.get_by_label("居民要说的话").fill("我家漏水")
    await page.get_by_label("居民要说的话").press("Enter")

    chat = page.get_by_label("居民的聊天")
    await expect(chat.locator(".row.up")).to_contain_text("我家漏水")
    await expect(chat.locator(".row.down")).to_contain_text("收到：我家漏水")
    await expect(page.get_by_label("网格员的聊天").locator(".row")).to_have_count(0)


async def test_a_push_appears_without_reloading(sandbox: Sandbox, page: Page) -> None:
    body = {"touser": "grid-1", "template_id": "tpl-assigned", "data": {"thing1": {"value": "三组漏水"}}}

    await sandbox.call("/cgi-bin/message/template/send", body)

    await expect(page.get_by_label("网格员的聊天").locator(".card")).to_contain_text("三组漏水")


async def test_markup_in_a_message_stays_text(sandbox: Sandbox, page: Page) -> None:
    sandbox.official.answer = echo

    await sandbox.say(MARKUP)

    chat = page.get_by_label("居民的聊天")
    await expect(chat.locator(".row.down .bubble")).to_have_text(f"收到：{MARKUP}")
    assert await chat.locator("b, img").count() == 0
    assert await page.title() != "broken"


async def test_what_was_said_before_is_there_after_a_reload(sandbox: Sandbox, page: Page) -> None:
    await sandbox.say("甲")
    await sandbox.say("乙")

    await page.reload()

    await expect(page.get_by_label("居民的聊天").locator(".row.up")).to_have_count(2)


async def test_buttons_send_a_picture_a_voice_and_a_place(sandbox: Sandbox, page: Page) -> None:
    phone = page.get_by_label("居民", exact=True)
    for button, shown in (("图片", ".picture img"), ("语音", ".voice"), ("位置", ".place")):
        await phone.get_by_role("button", name=button).click()
        await expect(phone.locator(shown)).to_be_visible()

    kinds = [one["type"] for one in await sandbox.screen("resident-1")]
    assert kinds == ["image", "voice", "location"]


async def test_following_can_be_ended_and_begun_again(sandbox: Sandbox, page: Page) -> None:
    phone = page.get_by_label("居民", exact=True)

    await phone.get_by_role("button", name="取消关注").click()
    await expect(phone.get_by_role("button", name="关注", exact=True)).to_be_visible()
    assert not sandbox.platform.phones.get("oa", "resident-1").following

    await phone.get_by_role("button", name="关注", exact=True).click()
    await expect(phone.get_by_role("button", name="取消关注")).to_be_visible()
    assert sandbox.platform.phones.get("oa", "resident-1").following


async def test_a_phone_can_use_another_account(sandbox: Sandbox, page: Page) -> None:
    await page.get_by_label("居民所用的账号").select_option(PLAIN.account)

    await page.get_by_label("居民要说的话").fill("甲")
    await page.get_by_label("居民要说的话").press("Enter")

    await expect(page.get_by_label("居民的聊天").locator(".row.up")).to_have_count(1)
    assert [one.account for one in sandbox.official.received] == [PLAIN.account]


async def test_an_account_out_of_order_is_shown_with_the_reason(sandbox: Sandbox, page: Page) -> None:
    async def odd(_push: Received) -> bytes:
        return b"odd"

    sandbox.official.answer = odd

    await page.get_by_label("居民要说的话").fill("甲")
    await page.get_by_label("居民要说的话").press("Enter")

    chat = page.get_by_label("居民的聊天")
    await expect(chat).to_contain_text("该公众号提供的服务出现故障")
    await expect(chat).to_contain_text("回复无法解析")


async def test_a_fault_is_switched_on_and_off(sandbox: Sandbox, page: Page) -> None:
    await page.get_by_role("button", name="故障", exact=True).click()
    await page.get_by_label("怎么坏").select_option("errcode:45009")
    await page.get_by_role("button", name="打开故障").click()

    await expect(page.locator("#faults li")).to_contain_text("45009")
    assert [one.errcode for one in sandbox.platform.faults.all()] == [45009]

    await page.get_by_title("关掉").click()
    await expect(page.locator("#faults li")).to_have_count(0)
    assert sandbox.platform.faults.all() == []


async def test_without_the_admin_api_the_panel_says_so_politely(page: Page) -> None:
    await expect(page.get_by_label("派单依据")).to_contain_text("暂时看不到派单依据：这里没有管理接口")


@pytest.mark.parametrize(
    ("owner", "told"),
    [({"name": "暖阳就业服务站"}, "在 暖阳就业服务站 手里"), (None, "原来派给 暖阳就业服务站")],
)
async def test_the_panel_names_a_holder_only_while_somebody_holds_it(
    page: Page, owner: dict[str, str] | None, told: str
) -> None:
    panel = await _panel(page, {"number": 1043, "owner": owner, "decision": {"chosen": "暖阳就业服务站"}})

    await expect(panel.locator(".owner")).to_have_text(told)


async def test_the_panel_marks_danger_and_names_keywords_alone(page: Page) -> None:
    matched = [
        {"keyword": "着火", "category": "safety", "weight": 6.0, "context": False},
        {"keyword": "火", "category": "safety", "weight": 0.2, "context": True},
        {"keyword": "了", "category": "safety", "weight": -0.1, "context": True},
    ]

    panel = await _panel(
        page, {"number": 1043, "owner": None, "decision": {"urgency": "突发险情", "matched": matched}}
    )

    await expect(panel.locator(".chip.hot")).to_have_text("突发险情")
    await expect(panel.locator(".chips .chip")).to_have_text(["着火6.0", "上下文 2 个单字"])


async def _panel(page: Page, appeal: dict[str, object]) -> Locator:
    """The panel with this appeal as the newest that the admin API knows."""

    async def admin(route: Route) -> None:
        path = route.request.url.partition("/api/v1/admin")[2]
        answers = {"/auth/login": {"access_token": "t"}, f"/appeals/{appeal['number']}": appeal}
        await route.fulfill(json=answers.get(path, {"items": [appeal]}))

    await page.route("**/api/v1/admin/**", admin)
    panel = page.get_by_label("派单依据")
    await panel.get_by_role("button", name="刷新").click()
    return panel


async def test_four_phones_would_fit_a_laptop_without_sideways_scrolling(
    sandbox: Sandbox, page: Page
) -> None:
    width = await page.evaluate("document.documentElement.scrollWidth")

    assert width == 1366
