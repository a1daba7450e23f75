"""One turn of a conversation: what came in, who said it, and what is known while it is answered."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.wire.messages import Incoming
from models import Appeal, Assignment
from services import notices, worklist
from services.access import Actor, resident_actor
from services.conversations import Talk
from services.understanding import Knowledge


@dataclass(slots=True)
class Turn:
    """A message under answer, inside the transaction that locked its conversation.

    `preface` is said before the answer, `rest` when they ask for more; `aloud` that the answer must reach the
    user by push.
    """

    talk: Talk
    message: Incoming
    known: Knowledge
    preface: list[str] = field(default_factory=list)
    rest: str = ""
    aloud: bool = False
    _in_hand: list[Assignment] | None = None
    _posts: list[Actor] | None = None

    @property
    def text(self) -> str:
        """What was written or spoken; empty for other messages."""
        return self.message.text or ""

    @property
    def resident(self) -> Actor:
        """The user as a resident."""
        return resident_actor(self.talk.resident_id)

    async def posts(self) -> list[Actor]:
        """The posts in which the user may act; none for an ordinary resident, without asking the database."""
        if self._posts is None:
            self._posts = await worklist.posts(self.talk.resident_id) if self.talk.responder else []
        return self._posts

    async def in_hand(self) -> list[Assignment]:
        """Open assignments of the user's posts with their appeals, newest first."""
        if self._in_hand is None:
            posts = await self.posts()
            self._in_hand = await worklist.in_hand(posts) if posts else []
        return self._in_hand

    async def alarms(self) -> list[Appeal]:
        """Emergencies that the user was alerted to and may accept, though others hold them; newest first."""
        return await worklist.alarms(await self.posts(), await self.in_hand())

    def category_name(self, appeal: Appeal) -> str:
        """What the category of an appeal is called in answers and lists; a delicate one is not named."""
        category = self.known.category_by_id(appeal.category_id)
        return notices.SECRET if category.delicate or appeal.about_conduct else category.name
