"""A district to measure in: many communities with their posts and organizations, and residents.

Written by the database itself, from the demo community as a pattern.
"""

from __future__ import annotations

from models import connection

COMMUNITIES = 100
ORGANIZATIONS = 60
RESIDENTS = 20_000

_COMMUNITIES = """
INSERT INTO community (code, name, work_start, work_end, active, area_id)
SELECT 'bench-' || n, '第' || n || '村', work_start, work_end, TRUE, area_id
FROM generate_series(1, {communities}) n, community WHERE code = 'xinlian';

INSERT INTO grid (name, position, datum, active, community_id)
SELECT pattern.name, pattern.position, pattern.datum, TRUE, made.id
FROM community made, grid pattern JOIN community home ON home.id = pattern.community_id
WHERE made.code LIKE 'bench-%' AND home.code = 'xinlian';

INSERT INTO place_name (name, community_id, grid_id)
SELECT pattern.name, made.community_id, made.id
FROM grid made JOIN community own ON own.id = made.community_id AND own.code LIKE 'bench-%'
JOIN grid old ON old.name = made.name
JOIN community home ON home.id = old.community_id AND home.code = 'xinlian'
JOIN place_name pattern ON pattern.grid_id = old.id;
"""

# One WeChat user for each post; their openids name the post.
_PEOPLE = """
CREATE TEMPORARY TABLE newcomer AS
SELECT nextval('resident_id_seq') AS id, found.* FROM ({people}) AS found;

INSERT INTO resident (id, name, phone, address, responder, created_at, community_id, grid_id)
SELECT id, '', '', '', responder, now(), community_id, grid_id FROM newcomer;

INSERT INTO conversation (account, openid, version, more, owed, following, reachable, window_left,
    code_tries, resident_id)
SELECT 'oa', openid, 1, '', '', TRUE, TRUE, 5, 0, id FROM newcomer;
"""

_MEMBERS = """
SELECT TRUE AS responder, grid.community_id, grid.id AS grid_id, 'bench-post-' || grid.id AS openid
FROM grid JOIN community ON community.id = grid.community_id WHERE community.code LIKE 'bench-%'
UNION ALL SELECT TRUE, community.id, NULL, 'bench-duty-' || community.id
FROM community WHERE code LIKE 'bench-%'
UNION ALL SELECT TRUE, NULL, NULL, 'bench-organization-' || n FROM generate_series(1, {organizations}) n
"""

_POSTS = """
INSERT INTO grid_member (role, title, name, phone, duty_post, cap, active, community_id, grid_id, resident_id)
SELECT CASE WHEN grid.position % 3 = 1 THEN 'grid_leader' ELSE 'grid_member' END, grid.name || '网格员',
    '', '', '', 1000, TRUE, grid.community_id, grid.id, newcomer.id
FROM grid JOIN newcomer ON newcomer.openid = 'bench-post-' || grid.id;

INSERT INTO staff (username, password_hash, title, name, phone, role, on_duty, active, failed_logins,
    community_id, resident_id)
SELECT openid, '', '社区值班', '', '', 'community_staff', TRUE, TRUE, 0, community_id, id
FROM newcomer WHERE openid LIKE 'bench-duty-%';

INSERT INTO organization (name, phone, cap, active, area_id)
SELECT '第' || n || '服务社', '', 1000, TRUE, area_id FROM generate_series(1, {organizations}) n,
    community WHERE code = 'xinlian';

INSERT INTO organization_member (role, title, name, phone, active, organization_id, resident_id)
SELECT 'organization_manager', '负责人', '', '', TRUE, organization.id, newcomer.id
FROM newcomer JOIN organization ON organization.name = '第' || substr(openid, 20) || '服务社'
WHERE openid LIKE 'bench-organization-%';

INSERT INTO service_scope (category_id, community_id, organization_id)
SELECT category.id, community.id, organization.id FROM organization, community, category
WHERE organization.name LIKE '第%服务社' AND community.code LIKE 'bench-%'
    AND organization.id % 10 = community.id % 10 AND (organization.id / 10 + category.id) % 5 = 0;

DROP TABLE newcomer;
"""

_RESIDENTS = """
SELECT FALSE AS responder, grid.community_id, grid.id AS grid_id, 'bench-' || place.n AS openid
FROM generate_series(0, {residents} - 1) AS place(n)
JOIN (SELECT grid.id, grid.community_id, row_number() OVER (ORDER BY grid.position, grid.id) - 1 AS n,
    count(*) OVER () AS all_of_them
    FROM grid JOIN community ON community.id = grid.community_id WHERE community.code LIKE 'bench-%') grid
ON grid.n = place.n % grid.all_of_them
"""

_SETTLE = """
UPDATE assignment SET ended_at = now(), ended_as = 'finished' WHERE ended_at IS NULL AND appeal_id > {newest};
UPDATE appeal SET status = 'closed', timer = NULL, timer_at = NULL, closed_at = now()
    WHERE status <> 'closed' AND id > {newest};
UPDATE delivery SET state = 'sent', sent_at = now() WHERE state = 'pending' AND appeal_id > {newest};
UPDATE conversation SET pending = NULL, pending_until = NULL, appeal_id = NULL, appeal_at = NULL
    WHERE pending_until IS NOT NULL OR appeal_id IS NOT NULL;
ANALYZE appeal, appeal_event, assignment, conversation, delivery, inbound_message, routing_decision;
"""


async def populate(residents: int = RESIDENTS) -> None:
    """Communities, posts, organizations and bound residents `bench-0` …, into an opened, seeded database."""
    run = connection().execute_script
    sizes = {"communities": COMMUNITIES, "organizations": ORGANIZATIONS, "residents": residents}
    await run(
        _COMMUNITIES.format(**sizes)
        + _PEOPLE.format(people=_MEMBERS.format(**sizes))
        + _POSTS.format(**sizes)
        + _PEOPLE.format(people=_RESIDENTS.format(**sizes))
        + "DROP TABLE newcomer; UPDATE revision SET number = number + 1; ANALYZE;"
    )


_BOUND = """
SELECT FALSE AS responder, grid.community_id, grid.id AS grid_id, 'bench-' || place.n AS openid
FROM generate_series(0, {residents} - 1) AS place(n)
JOIN (SELECT id, community_id, row_number() OVER (ORDER BY id) - 1 AS n, count(*) OVER () AS all_of_them
    FROM grid) grid ON grid.n = place.n % grid.all_of_them
"""


async def bind(residents: int) -> None:
    """Residents `bench-0` … bound to the grids of the demo communities in turn, nothing else."""
    people = _PEOPLE.format(people=_BOUND.format(residents=residents))
    await connection().execute_script(f"{people} DROP TABLE newcomer; ANALYZE;")


async def settle(newest: int = 0) -> None:
    """Close what was filed after the appeal `newest`: the next run meets the same load on every post.

    Tables grow here within seconds from nothing: the planner learns it now, not at autovacuum's next round.
    """
    await connection().execute_script(_SETTLE.format(newest=newest))
