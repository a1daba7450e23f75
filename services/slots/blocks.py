"""申诉: a resident says why they stayed away, staff lift the block or keep it, and the resident hears."""

from __future__ import annotations

from models import Absence, Block, SignUp, Slot, WordsCheck, WordsOf, writing
from services import access, alerts, audit, unchecked
from services.access import Actor
from services.clock import now
from services.errors import Conflict, NotFound
from services.moving import needed
from services.slots import day_pushes, line


async def of(resident_id: int) -> list[Block]:
    """Blocks of the resident and whom they signed up, those in force alone, the last one first."""
    in_force = Block.filter(resident_id=resident_id, until__gt=now(), lifted_at=None)
    return await in_force.order_by("-id")


async def appeal(resident_id: int, words: str, checked: WordsCheck) -> list[Block]:
    """Appeal against every block in force that was not answered yet; staff read the words.

    `checked`: what is known of them.
    Raises: NotFound (no block), Conflict (all answered already), Invalid (no words), WordsRefused.
    """
    said = needed(words, "请写明原因。", in_chat="比如：申诉 那天住院了")
    async with writing():
        found = await of(resident_id)
        if not found:
            raise NotFound("您现在没有被暂停报名，不用申诉。")
        open_ones = [one for one in found if one.decided_at is None]
        if not open_ones:
            raise Conflict("您的申诉工作人员已经答复过了。有疑问请联系村（社区）工作人员。")
        for one in open_ones:
            one.appeal, one.appealed_at = said, now()
            await one.save(update_fields=["appeal", "appealed_at"])
            await unchecked.note(
                WordsOf.BLOCK_APPEAL,
                one.id,
                checked,
                community_id=one.community_id,
                resident_id=resident_id,
            )
            await alerts.raise_alert(
                f"block:{one.id}",
                "有居民对暂停报名提出申诉，请在后台“暂停报名”里处理。",
                community_id=one.community_id,
            )
    return open_ones


async def page(actor: Actor, before: int | None, limit: int, *, open_only: bool) -> list[Block]:
    """Blocks in the actor's scope with their residents, newest first; `open_only`: appeals without answer."""
    access.require_role(actor, *access.DESK)
    found = Block.filter(community_id__in=actor.community_ids)
    if open_only:
        found = found.filter(appealed_at__isnull=False, decided_at=None)
    if before is not None:
        found = found.filter(id__lt=before)
    return await found.order_by("-id").limit(limit).select_related("resident")


async def decide(actor: Actor, block_id: int, *, lift: bool, reason: str) -> Block:
    """Lift a block, which takes its last absence off the count, or keep it; the resident hears why. Audited.

    Raises: NotFound, Forbidden, Invalid (no reason), Conflict (decided or lifted already).
    """
    words = needed(reason, "请写明理由，居民会看到。")
    access.require_role(actor, *access.DESK)
    found = await Block.get_or_none(id=block_id)
    if found is None or found.community_id not in actor.community_ids:
        raise NotFound("没有找到这条暂停报名。")
    moment = now()
    async with writing():
        values = {"decided_at": moment, "decided_by_id": actor.staff_id, "answer": words}
        if lift:
            values["lifted_at"] = moment
        if not await Block.filter(id=block_id, decided_at=None, lifted_at=None).update(**values):
            raise Conflict("这条已经处理过了。")
        absence = await Absence.get(id=found.absence_id)
        if lift:
            await Absence.filter(id=absence.id).update(excused_at=moment)
        await _tell(found, absence, words, lift=lift)
        await audit.record(
            actor, "block.decide", f"block {block_id}", community_id=found.community_id, lifted=lift
        )
    return await Block.get(id=block_id).select_related("resident")


async def _tell(block: Block, absence: Absence, words: str, *, lift: bool) -> None:
    slot = await Slot.get(id=absence.slot_id).select_related("offering")
    made = await SignUp.get(id=absence.sign_up_id)
    said = (
        day_pushes.lifted(slot, f"工作人员说：{words}") if lift else day_pushes.kept(slot, block.until, words)
    )
    await line.tell(slot, made, f"{'lifted' if lift else 'kept'}-{block.id}", said)
