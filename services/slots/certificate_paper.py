"""The certificate of volunteer hours as a PDF. Pure: the facts alone decide every byte.

The Chinese font is one that PDF readers bring along (Adobe's STSong-Light): no file is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from services.slots.certificate_facts import Paper, Served, hours

FONT = "STSong-Light"
_WIDTHS = (28 * mm, 78 * mm, 28 * mm, 26 * mm)


def drawn(paper: Paper) -> bytes:
    """The file: what is certified, then every time that counts, over as many pages as it takes."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=25 * mm,
        rightMargin=25 * mm,
        title=f"志愿服务证明 {paper.number}",
        author=paper.community,
        invariant=1,
    )
    document.build([*_head(paper), _table(paper.served), *_foot(paper)])
    return out.getvalue()


def _style(name: str, size: int, **more: Any) -> ParagraphStyle:  # noqa: ANN401 - reportlab's own
    return ParagraphStyle(name, fontName=FONT, fontSize=size, leading=size * 1.7, wordWrap="CJK", **more)


def _said(words: str, style: ParagraphStyle) -> Paragraph:
    # What people wrote is no markup.
    return Paragraph(escape(words), style)


def _head(paper: Paper) -> list[Flowable]:
    body = _style("body", 12, firstLineIndent=24)
    words = (
        f"兹证明 {paper.name} 于 {_day(paper.starts_on)}至{_day(paper.ends_on)}期间，"
        f"在{paper.community}参加志愿服务 {len(paper.served)} 次，"
        f"累计服务时长 {hours(paper.minutes)} 小时{_apart(paper)}。明细如下。"
    )
    return [
        _said("志愿服务证明", _style("title", 24, alignment=TA_CENTER)),
        Spacer(1, 4 * mm),
        _said(f"编号：{paper.number}", _style("number", 10, alignment=TA_CENTER)),
        Spacer(1, 8 * mm),
        _said(words, body),
        Spacer(1, 6 * mm),
    ]


def _apart(paper: Paper) -> str:
    """What was entered by hand is told apart from what the system recorded."""
    entered = sum(one.minutes for one in paper.served if one.entered)
    recorded = hours(paper.minutes - entered)
    return f"（系统记录 {recorded} 小时，人工登记并经审核 {hours(entered)} 小时）" if entered else ""


def _columns(one: Served) -> tuple[str, ...]:
    return one.day.isoformat(), one.title, hours(one.minutes), "人工登记" if one.entered else "系统记录"


def _table(served: Sequence[Served]) -> Table:
    cell = _style("cell", 10)
    rows = [[_said(one, cell) for one in ("日期", "服务内容", "时长（小时）", "来源")]]
    rows += [[_said(words, cell) for words in _columns(one)] for one in served]
    table = Table(rows, colWidths=_WIDTHS, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
                ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ]
        )
    )
    return table


def _foot(paper: Paper) -> list[Flowable]:
    right = _style("right", 12, alignment=TA_RIGHT)
    small = _style("small", 9)
    return [
        Spacer(1, 10 * mm),
        _said(f"出具单位：{paper.community}", right),
        _said(f"出具日期：{_day(paper.issued_on)}", right),
        Spacer(1, 8 * mm),
        _said(f"验证码：{paper.code}", small),
        _said(f"凭验证码可以核对本证明：{paper.where}{paper.code}", small),
    ]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
