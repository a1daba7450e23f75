"""A past for the database to carry: appeals of many years with all rows that belong to them.

Of each hundred appeals one is open. Written by the database itself in pieces; a million take some minutes.
"""

from __future__ import annotations

from models import connection

PIECE = 50_000

# Foreign keys are not checked row by row while this is written; every id comes from the table it points to.
_BEFORE = "SET session_replication_role = replica"
_AFTER = """
SELECT setval('appeal_id_seq', (SELECT max(id) FROM appeal));
VACUUM ANALYZE;
CHECKPOINT
"""

_PIECE = """
CREATE TEMPORARY TABLE piece AS
SELECT n, n % 100 = 0 AS open, now() - n * interval '1 minute' AS at, resident.id AS resident_id,
    resident.community_id, resident.grid_id, grid_member.id AS grid_member_id, conversation.openid,
    1 + n % 20 AS category_id,
    (SELECT min(id) FROM organization WHERE name LIKE '第%服务社') + n % {organizations} AS organization_id
FROM generate_series({first}, {last}) n
JOIN conversation ON conversation.account = 'oa'
    AND conversation.openid = 'bench-' || (n::bigint * 7919 % {residents})
JOIN resident ON resident.id = conversation.resident_id
JOIN grid_member ON grid_member.grid_id = resident.grid_id;

INSERT INTO appeal (id, kind, status, urgency, about_conduct, unsure, text, place, account, created_at,
    accept_by, resolve_by, escalation, returns, timer, timer_at, rating_words, result, category_id,
    community_id, grid_id, resident_id)
SELECT n, 'difficulty', CASE WHEN open THEN 'accepted' ELSE 'closed' END, 'normal', FALSE, FALSE,
    repeat('村口的路灯坏了好几天，晚上看不见，', 2) || n, '三组', 'oa', at, at, at, 0, 0,
    CASE WHEN open THEN 'remind_resolve' END, CASE WHEN open THEN now() + interval '1 day' END,
    '', '已经派人修好。', category_id, community_id, grid_id, resident_id
FROM piece;

INSERT INTO assignment (community_id, kind, level, started_at, ended_at, ended_as, note, appeal_id,
    grid_member_id, organization_id)
SELECT community_id, CASE WHEN by_organization THEN 'organization' ELSE 'grid_member' END, 0, at,
    CASE WHEN NOT open OR again = 1 THEN at END, CASE WHEN NOT open OR again = 1 THEN 'finished' END, '', n,
    CASE WHEN NOT by_organization THEN grid_member_id END,
    CASE WHEN by_organization THEN organization_id END
FROM (SELECT *, n % 3 = 0 AS by_organization FROM piece) AS piece, generate_series(0, 1) again
WHERE again = 0 OR n % 5 = 0;

INSERT INTO routing_decision (community_id, lexicon_version, intent, urgent, ranked, margin, matched,
    candidates, chosen, why, created_at, appeal_id)
SELECT community_id, 'r1', 'difficulty', FALSE,
    '[{{"code": "utilities", "name": "水电气路灯", "score": 4.5}}]', 0.8,
    '[{{"keyword": "路灯", "category": "utilities", "weight": 3.0}}]',
    ('[' || rtrim(repeat('{{"kind": "grid_member", "id": 12, "name": "三组网格员", "kept": true,
    "why": "三组的网格员，在办 3 件，上限 20 件"}},', 6), ',') || ']')::jsonb,
    '三组网格员', '三组网格员：本网格，在办最少。', at, n
FROM piece, generate_series(0, 1) again WHERE again = 0 OR n % 5 = 0;

INSERT INTO appeal_event (community_id, verb, from_status, to_status, role, actor, words, public, at,
    appeal_id)
SELECT community_id, step.verb, NULL, step.status, 'grid_member', '三组网格员', '已经联系，下午到现场看。',
    TRUE, at, n
FROM piece, (VALUES ('submit', 'submitted'), ('assign', 'assigned'), ('accept', 'accepted'),
    ('resolve', 'resolved'), ('close', 'closed')) AS step(verb, status);

INSERT INTO delivery (community_id, dedup_key, notice, appeal_id, account, channel, next_channels, payload,
    state, attempts, repeat, due_at, error, provider_id, created_at, sent_at, resident_id)
SELECT community_id, 'past:' || n || ':' || copy || ':' || resident_id, 'progress', n, 'oa', 'template',
    '["customer"]',
    '{{"text": "1024 已由三组网格员接单，11月23日 15:30 前办理。", "fields": {{"number": "1024"}}}}',
    'sent', 1, FALSE, at, '', 'msg-' || n || '-' || copy, at, at, resident_id
FROM piece, generate_series(1, 4) copy;

INSERT INTO inbound_message (account, openid, key, payload, state, mode, reply, attempts, lease_until,
    received_at, done_at)
SELECT 'oa', openid, 'past-' || n || '-' || copy, '{{"msg_type": "text", "text": "村口的路灯坏了好几天"}}',
    'done', 'passive', '已收到，编号 1024，类别：水电气路灯。由三组网格员办理，11月23日 15:30 前接单。',
    1, at, at, at
FROM piece, generate_series(1, 2) copy;

DROP TABLE piece;
"""


async def remember(appeals: int, residents: int, organizations: int) -> None:
    """Write that many appeals of the residents of `world.populate`, in the opened database."""
    run = connection().execute_script
    sizes = {"residents": residents, "organizations": organizations}
    for first in range(1, appeals + 1, PIECE):
        last = min(first + PIECE - 1, appeals)
        await run(f"{_BEFORE};{_PIECE.format(first=first, last=last, **sizes)}RESET session_replication_role")
    for statement in _AFTER.split(";"):
        await run(statement)
