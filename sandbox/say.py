"""Say one thing as a person with a phone and print what WeChat would show: `python -m sandbox.say "你好"`."""

from __future__ import annotations

import argparse
import sys

import httpx

# Three tries of five seconds, and some room.
TIMEOUT_SECONDS = 20.0


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0: answered, or silent by intent; 1: the account is out of order; 2: nobody is there."""
    given = _parser().parse_args(arguments)
    body = {"account": given.account, "from": given.sender, "type": given.type, "text": given.text}
    try:
        response = httpx.post(
            f"{given.base.rstrip('/')}/sandbox/api/say", json=body, timeout=TIMEOUT_SECONDS, trust_env=False
        )
        answer = response.json()
    except (httpx.HTTPError, ValueError) as error:
        sys.stderr.write(f"没有连上 {given.base}：{type(error).__name__}。先运行 make run。\n")
        return 2
    if response.status_code != 200:
        sys.stderr.write(f"{answer.get('error', response.text)}\n")
        return 2
    for reply in answer["replies"]:
        sys.stdout.write(f"{reply['text']}\n")
    if answer["problem"]:
        sys.stderr.write(f"（{answer['problem']}，试了 {answer['tries']} 次）\n")
        return 1
    if not answer["replies"]:
        sys.stdout.write("（没有被动回复）\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox.say", description="以一位用户的身份对公众号说一句话"
    )
    parser.add_argument("text", nargs="?", default="你好", help="要说的话")
    parser.add_argument("--from", dest="sender", default="resident-1", help="openid，默认 resident-1")
    parser.add_argument("--account", default="oa", help="账号，默认 oa")
    parser.add_argument("--type", default="text", help="消息或事件的类型，默认 text")
    parser.add_argument("--base", default="http://127.0.0.1:8000", help="服务的地址")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
