"""Everything that the stand-in platform knows, in memory, in one object; no HTTP in here."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from sandbox.accounts import Account, AccountKeys
from sandbox.codes import CodeBook
from sandbox.errors import Impossible, Refused
from sandbox.faults import Faults
from sandbox.media import MediaShelf
from sandbox.messages import Fields, Say, compose, summary
from sandbox.phones import PRESETS, Entry, Phone, Phones, Preset
from sandbox.template_fields import Template
from sandbox.tokens import TokenDesk
from sandbox.windows import Consents, Limits, OnceBook, Windows

MAX_CALLS = 100_000


@dataclass(frozen=True)
class Call:
    """One API call that came in; `errcode` is None where the caller got no answer that it could read."""

    seq: int
    at: float
    path: str
    account: str | None
    openid: str | None
    body: dict[str, object]
    errcode: int | None
    errmsg: str
    shown: bool
    fault: int | None

    def as_json(self) -> dict[str, object]:
        """All fields."""
        return asdict(self)


class Platform:
    """WeChat in a box. `clock` gives Unix seconds; `ahead` lets windows and lifetimes run early."""

    def __init__(
        self,
        accounts: Iterable[AccountKeys],
        *,
        clock: Callable[[], float] = time.time,
        limits: Limits | None = None,
        templates: Iterable[Template] = (),
        phones: Iterable[Preset] = PRESETS,
    ) -> None:
        self.accounts = {one.account: Account.of(one) for one in accounts}
        self.clock = clock
        self.ahead = 0.0
        self.limits = limits or Limits()
        self.templates = {one.id: one for one in templates}
        self.tokens = TokenDesk(self.now)
        self.codes = CodeBook(self.now)
        self.media = MediaShelf(self.now)
        self.faults = Faults()
        self.phones = Phones(self.now, phones)
        self._numbers = itertools.count(1)
        # Real ids are 64 bits wide and beyond what a JavaScript number holds.
        self._first_message = int(clock() * 1000) * 10_000
        self.reset()

    def reset(self) -> None:
        """Forget phones, windows, consents, faults and calls; tokens, codes and media stay good."""
        self.phones.reset()
        self.faults.clear()
        self.windows = Windows(self.now, self.limits)
        self.consents = Consents()
        self.calls: deque[Call] = deque(maxlen=MAX_CALLS)
        self.once = OnceBook(self.now)

    def now(self) -> float:
        """The platform's time, by which windows and lifetimes run."""
        return self.clock() + self.ahead

    def next_id(self) -> int:
        """A new message id."""
        return self._first_message + next(self._numbers)

    def by_appid(self, appid: object) -> Account:
        """The account of an appid.

        Raises: Refused 40013.
        """
        for account in self.accounts.values():
            if account.appid == appid:
                return account
        raise Refused(40013)

    def template(self, account: Account, template_id: object) -> Template:
        """A template of the account; one without a description takes any valid fields.

        Raises: Refused 40037. An account that lists none, on a platform that knows none, has every template.
        """
        key = template_id if isinstance(template_id, str) else ""
        if key in self.templates:
            return self.templates[key]
        if not key or ((self.templates or account.templates) and key not in account.templates.values()):
            raise Refused(40037)
        return Template(key)

    def act(self, say: Say) -> tuple[Fields, Entry | None]:
        """Let a person do something: it counts for windows and consents, and stands on their screen.

        Returns the fields to push and the entry; what the person does not do by hand leaves no entry.
        Raises: Impossible for an unknown account, and for writing without following.
        """
        account = self.accounts.get(say.account)
        if account is None:
            raise Impossible(f"没有这个账号：{say.account}")
        phone = self.phones.get(say.account, say.openid)
        if say.event_name is None and not account.mini and not phone.following:
            raise Impossible("这位用户没有关注公众号，发不了消息")
        self._count(account, phone, say)
        fields = compose(
            say, to_user=account.original_id, msg_id=self.next_id(), created_at=int(self.clock())
        )
        entry = None
        if say.event_name not in {"TEMPLATESENDJOBFINISH", "subscribe_msg_sent_event", "wxa_media_check"}:
            entry = self.phones.show(phone, "up", "user", say.type, summary(say), **_details(say))
        return fields, entry

    def with_media(self, say: Say, media_url: str) -> Say:
        """The same act with a file: a sample where none was chosen, and the address of a picture."""
        if say.type not in {"image", "voice", "video", "shortvideo"}:
            return say
        media_id = say.media_id or self.media.sample(say.type).media_id
        pic_url = say.pic_url or (f"{media_url}/{media_id}" if say.type == "image" else None)
        return say.model_copy(update={"media_id": media_id, "pic_url": pic_url})

    def note(self, call: Call) -> None:
        """Keep an API call for inspection."""
        self.calls.append(call)

    def next_seq(self) -> int:
        """A number for the next call."""
        return next(self._numbers)

    def _count(self, account: Account, phone: Phone, say: Say) -> None:
        person = (account.account, phone.openid)
        event = say.event_name
        if event in {None, "user_enter_tempsession"}:
            phone.active_at = self.now()
        if event is None:
            self.windows.written(person)
        elif event in {"subscribe", "SCAN", "CLICK"}:
            phone.following = True
            self.windows.touched(person)
        elif event == "unsubscribe":
            phone.following = False
            self.windows.close(person)
        for item in say.items if event in {"subscribe_msg_popup_event", "subscribe_msg_change_event"} else ():
            if event == "subscribe_msg_change_event" and item.status != "accept":
                self.consents.revoke(person, item.template_id)
            else:
                self.consents.answer(person, item.template_id, accepted=item.status == "accept")


def _details(say: Say) -> dict[str, object]:
    if say.type == "location":
        return {"latitude": say.latitude, "longitude": say.longitude, "label": say.label}
    if say.media_id:
        return {"media_id": say.media_id, "recognition": say.recognition}
    return {"title": say.title, "url": say.url} if say.type == "link" else {}
