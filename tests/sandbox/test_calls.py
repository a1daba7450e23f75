"""No body whatsoever makes a call fail in another way than by an errcode."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import Platform
from sandbox.api import CALLS, Inbound
from sandbox.errors import Refused
from tests.sandbox.conftest import ACCOUNTS, MINI, OA, Clock

NAMES = (
    "touser",
    "template_id",
    "data",
    "client_msg_id",
    "msgtype",
    "text",
    "msgmenu",
    "image",
    "content",
    "version",
    "scene",
    "openid",
    "page",
    "code",
    "js_code",
    "grant_type",
    "appid",
    "secret",
    "force_refresh",
    "media_id",
    "type",
)
LIKELY = st.sampled_from(
    ["grid-1", "tpl-assigned", "text", "image", "msgmenu", 2, MINI.appid, MINI.secret, "client_credential"]
)
INNER = st.dictionaries(st.sampled_from(["thing1", "content", "value", "list", "media_id"]), LIKELY)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | LIKELY | INNER,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("path", CALLS)
@settings(deadline=None)
@given(body=st.dictionaries(st.sampled_from(NAMES), ANYTHING), mini=st.booleans())
def test_any_body_is_answered_or_refused(path: str, body: dict[str, object], mini: bool) -> None:
    platform = Platform(ACCOUNTS, clock=Clock())
    handler = CALLS[path][1]

    try:
        made: object = handler(platform, Inbound(path, MINI if mini else OA, body))
    except Refused as refused:
        made = refused.errcode

    assert made
