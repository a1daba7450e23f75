"""并案 and 拆分: two appeals about one matter become one, two matters in one appeal become two."""

from __future__ import annotations

from collections.abc import Callable

from models import OPEN, Appeal, AppealStatus, AssignmentEnd, Category, Urgency, Verb
from services import access, alarm, deadlines, dispatch, filing, following, history, moving, sentences
from services.access import Actor
from services.clock import now
from services.errors import Forbidden, IllegalMove, Invalid, NotFound
from services.history import Act


async def merge(actor: Actor, number: int, into: int) -> Appeal:
    """End `number` as part of `into`, which stays open and is told of once for both.

    Raises: NotFound, Forbidden, IllegalMove, Invalid when `into` is the same appeal, no longer open, or no
    emergency where `number` is one: an alarm would end unseen.
    """
    if number == into:
        raise Invalid("不能并到自己。")
    async with moving.acting_on_both(actor, number, into) as (appeal, main):
        await moving.allow(actor, appeal, Verb.MERGE)
        if not moving.in_scope(actor, main) or main.about_conduct != appeal.about_conduct:
            raise Forbidden(f"{into} 不在您的管理范围内，不能并入。")
        if main.status not in OPEN:
            last = await following.target(main)
            hint = f"请并入 {last.number}。" if last.status in OPEN else ""
            raise Invalid(f"{into} 现在是「{main.status.label}」，不能再并入。{hint}")
        if appeal.urgency is Urgency.EMERGENCY and main.urgency is not Urgency.EMERGENCY:
            raise Invalid(f"{number} 是险情，{into} 不是，不能并入。可以把 {into} 并入 {number}。")
        await hang_below(actor, appeal, main)
    return appeal


async def join(actor: Actor, number: int, into: int, *, fits: Callable[[Appeal, Appeal], bool]) -> Appeal:
    """The reporter of `number` says that it is the matter of `into`: they follow that one from now on.

    `into` may be done already; what it was merged into meanwhile stands in its place. `fits` is asked of both
    once they are locked. Raises: NotFound, IllegalMove, Invalid when they do not fit (any more).
    """
    into = (await following.target(await Appeal.get(id=into))).id
    async with moving.acting_on_both(actor, number, into) as (appeal, main):
        await moving.allow(actor, appeal, Verb.MERGE)
        if number == into or not fits(appeal, main):
            raise Invalid(f"{into} 刚刚有了变化，您的 {number} 照常单独办理。")
        await hang_below(actor, appeal, main)
    return appeal


async def hang_below(actor: Actor, appeal: Appeal, main: Appeal) -> None:
    """End `appeal` as part of `main`, both locked and the move allowed.

    Whoever followed it follows `main` from now on.
    """
    before = await moving.move(
        appeal,
        Verb.MERGE,
        actor,
        merged_into_id=main.id,
        closed_at=now(),
        suspended_at=None,
        resume_on=None,
    )
    held = await moving.end_assignment(appeal, AssignmentEnd.CANCELLED, note=f"并入 {main.number}")
    event = await moving.step(appeal, Verb.MERGE, actor, f"并入 {main.number}", before=before, public=False)
    words = f"并入了 {appeal.number}"
    _ = await history.append(history.entry(main, Act.NOTE, actor, words, public=False))
    # What was merged into this one before now hangs below the one that is left.
    await following.of(appeal.id).update(merged_into_id=main.id)
    await moving.tell_resident(appeal, event, sentences.merged())
    if appeal.urgency is Urgency.EMERGENCY:
        await alarm.go_on_in(appeal, main, event, held)
    else:
        await moving.tell_others(actor, appeal, event, held, sentences.taken_away(f"已并入 {main.number}"))


async def split(actor: Actor, number: int, text: str, category_code: str) -> Appeal:
    """Make the other matter in `number` an appeal of its own, linked and dispatched; returns the new one.

    Raises: NotFound (appeal or category), Forbidden, IllegalMove when it is finished, Invalid without text.
    """
    words = moving.needed(text, "请写明要单独办理的那件事。")
    async with moving.acting(actor, number) as appeal:
        if not moving.in_scope(actor, appeal) or actor.role not in access.DESK:
            raise Forbidden(f"{actor.role.label}不能拆分诉求。")
        if appeal.status not in OPEN:
            raise IllegalMove(
                f"这件事现在是「{appeal.status.label}」，不能拆分。", appeal_status=appeal.status.value
            )
        category = await active_category(category_code)
        made = await _file_beside(appeal, words, category)
        who = await dispatch.owner_name(made.id)
        event = await history.append(
            history.entry(appeal, Act.SPLIT, actor, f"另立 {made.number}", before=appeal.status)
        )
        await moving.tell_resident(appeal, event, sentences.split_off(made.number, who))
    return made


async def active_category(code: str) -> Category:
    """The active category with this code. Raises: NotFound."""
    category = await Category.get_or_none(code=code, active=True)
    if category is None:
        raise NotFound(f"没有类别 {code}。")
    return category


async def _file_beside(appeal: Appeal, words: str, category: Category) -> Appeal:
    moment = now()
    calendar = await deadlines.calendar_of(appeal.community_id)
    plan = deadlines.plan(calendar, moment, category, appeal.urgency)
    made = Appeal(
        community_id=appeal.community_id,
        grid_id=appeal.grid_id,
        resident_id=appeal.resident_id,
        category_id=category.id,
        kind=appeal.kind,
        status=AppealStatus.ASSIGNED,
        urgency=appeal.urgency,
        about_conduct=appeal.about_conduct,
        text=words,
        place=appeal.place,
        account=appeal.account,
        created_at=moment,
        accept_by=plan.accept_by,
        resolve_by=plan.resolve_by,
        timer=plan.timer,
        timer_at=plan.timer_at,
        linked_to_id=appeal.id,
    )
    assignment_id = await filing.insert(made)
    need = await dispatch.need_of(made, category)
    chosen = await dispatch.choose_for(made.community_id, need)
    await dispatch.assign_new(made, category, None, chosen, assignment_id)
    return made
