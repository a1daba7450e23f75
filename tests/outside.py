"""The WeChat platform as a sending service sees it: the sandbox on a real port, and clients that call it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from adapters.wechat import MemoryTokenStore, TokenStore
from models import Appeal, Consent, Conversation, Delivery, DeliveryState, Notice, Resident, writing
from sandbox import Platform, blueprint
from sandbox.faults import Fault
from sandbox.phones import Entry
from sandbox.platform import Call
from services import deliveries, notices, sending
from services.clock import now
from services.deliveries import Told
from settings import DEVELOPMENT_ACCOUNTS, Settings
from tests.make import make_appeal, make_resident
from tests.sandbox.conftest import make_app
from tests.serving import serving
from worker.clients import Clients

TEMPLATE = "/cgi-bin/message/template/send"
CUSTOMER = "/cgi-bin/message/custom/send"
SUBSCRIBE = "/cgi-bin/message/subscribe/send"
TOKEN = "/cgi-bin/stable_token"


@dataclass
class Outside:
    """The running platform, and a sender's way to it."""

    platform: Platform
    base: str
    clients: Clients

    def fault(self, path: str, **how: Any) -> None:
        """Switch a fault on."""
        self.platform.faults.add(Fault(path=path, **how))

    def shown(self, openid: str, account: str = "oa") -> list[Entry]:
        """What stands on the phone, without what its owner said."""
        return [one for one in self.platform.phones.get(account, openid).entries if one.direction == "down"]

    def calls(self, path: str) -> list[Call]:
        """The calls of this path, oldest first."""
        return [one for one in self.platform.calls if one.path == path]

    def written(self, openid: str, account: str = "oa") -> None:
        """The person writes: the platform opens its customer-service window."""
        self.platform.windows.written((account, openid))

    async def send_all(self) -> int:
        """Send until nothing is due; returns how many claims that took."""
        total = 0
        while sent := await sending.send_due(self.clients):
            total += sent
            assert total < 1000, "deliveries go round in a circle"
        return total


@asynccontextmanager
async def outside(tokens: TokenStore | None = None) -> AsyncIterator[Outside]:
    """A platform with the development accounts."""
    platform = Platform(DEVELOPMENT_ACCOUNTS)
    app = make_app("outside")
    app.blueprint(blueprint(app_base_url="http://127.0.0.1:1", platform=platform, try_seconds=0.2))
    async with serving(app) as base, httpx.AsyncClient(trust_env=False, verify=False) as http:
        api = f"{base}/sandbox/api"
        chosen = Settings().model_copy(update={"wechat_api_base": api, "wechat_timeout_seconds": 3.0})
        yield Outside(platform, api, Clients(chosen, http, tokens or MemoryTokenStore()))


async def make_reachable(
    wechat: Outside, openid: str, *, account: str = "oa", window: int = 0, accepts: str = ""
) -> Resident:
    """A resident whose window (`window` messages) and accepts (a template id) stand on both sides."""
    resident = await make_resident(openid=openid, account=account)
    talk = await Conversation.get(openid=openid, account=account)
    if window:
        wechat.written(openid, account)
        talk.window_until, talk.window_left = now() + timedelta(hours=48), window
        await talk.save()
    if accepts:
        wechat.platform.consents.answer((account, openid), accepts, accepted=True)
        await Consent(conversation=talk, template_id=accepts, remaining=1).save()
    return resident


async def tell(
    resident: Resident,
    notice: Notice = Notice.ASSIGNED,
    *,
    event: str = "event:1",
    appeal: Appeal | None = None,
    words: str = "请看一下",
    **values: Any,
) -> None:
    """Queue one notice about some appeal."""
    about = appeal or await make_appeal()
    payload = notices.reply(words) if notice is Notice.REPLY else _payload(notice, about, words)
    async with writing():
        await deliveries.queue(Told(notice, resident.id, event, payload, about, **values))


def _payload(notice: Notice, appeal: Appeal, words: str) -> dict[str, Any]:
    facts = {"category": "路灯", "grid": "三组", "deadline": "2026-11-24 10:00", "at": "2026-11-24 10:00"}
    fields = {"number": str(appeal.number), "words": words, "status": "办理中", **facts}
    return {"text": f"{notice.label} {appeal.number}：{words}", "fields": fields}


async def rows_of(resident: Resident) -> list[tuple[str, str]]:
    """(channel, state) of every delivery to the resident, oldest first."""
    found = await Delivery.filter(resident_id=resident.id).order_by("id")
    return [(one.channel.value, one.state.value) for one in found]


async def make_due() -> None:
    """Let the time until the next attempts pass."""
    await Delivery.filter(state=DeliveryState.PENDING).update(due_at=now() - timedelta(seconds=1))


async def end_leases() -> None:
    """Let every claim be over, as if its worker had been killed a while ago."""
    await Delivery.exclude(claim=None).update(claimed_until=now() - timedelta(seconds=1))
