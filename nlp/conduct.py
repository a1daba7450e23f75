"""Whether a message complains about the conduct of cadres or officials; such a complaint goes above them."""

from __future__ import annotations

import re

from nlp.phrases import Phrases

_OFFICE = (
    r"(?:村|社区|组|镇|乡|县|区|街道|局|所|办事?处?)?(?:书记|支书|村长|村主任|社区主任|居委会主任|村委会?主任|村会计|会计|组长|小组长|队长|网格[员长]|村干部|社区干部|镇干部|干部|镇长|乡长|局长|科长|所长|站长"
    r"|主任|领导|公务员|官员|村官|村委会?|居委会|村里当官的|当官的|政府|社区工作人员|工作人员|窗口|办事员|城管|民警|警察|派出所|执法人员|法官)"
)
_WRONG = (
    r"(?:吃拿卡要|贪污|贪|受贿|行贿|收(?:了)?(?:红包|好处|礼|钱不办事|回扣)|索要|索贿|要红包|要好处|要钱|要烟|态度(?:很|太|非常|特别|极其|十分)?(?:恶劣|差|不好|蛮横|傲慢|嚣张|凶)|不作为|乱作为|滥用职权|以权谋私|谋私"
    r"|假公济私|侵占|挪用|克扣|截留|私吞|套取|独吞|推诿|踢皮球|推来推去|互相推|骂人|骂我|骂老百姓|打人|打我|包庇|公款|优亲厚友|关系户|任人唯亲|黑幕|暗箱|欺压|欺负|刁难|官僚|作风|腐败|违纪|失职|渎职|玩忽职守|敷衍|不理人"
    r"|爱理不理|吃喝|上班(?:时间)?(?:打牌|喝酒|睡觉|玩手机|打麻将)|造假|弄虚作假|偏心|只给亲戚|给自家|自家亲戚|低保给|霸占|报复|恐吓|威胁)"
)
_HEADS = Phrases(
    [
        "吃拿卡要",
        "贪",
        "贿",
        "收了",
        "红包",
        "好处",
        "礼",
        "回扣",
        "索",
        "要钱",
        "要烟",
        "态度",
        "作为",
        "滥用",
        "谋私",
        "济私",
        "侵占",
        "挪用",
        "克扣",
        "截留",
        "私吞",
        "套取",
        "独吞",
        "推诿",
        "踢皮球",
        "推来推去",
        "互相推",
        "骂",
        "打人",
        "打我",
        "包庇",
        "公款",
        "优亲厚友",
        "关系户",
        "任人唯亲",
        "黑幕",
        "暗箱",
        "欺",
        "刁难",
        "官僚",
        "作风",
        "腐败",
        "违纪",
        "失职",
        "渎职",
        "玩忽职守",
        "敷衍",
        "理人",
        "爱理不理",
        "吃喝",
        "上班",
        "造假",
        "弄虚作假",
        "偏心",
        "亲戚",
        "自家",
        "低保给",
        "霸占",
        "报复",
        "恐吓",
        "威胁",
    ]
)
_ALONE = re.compile(
    r"吃拿卡要|优亲厚友|以权谋私|村霸|贪官|贪污(?!受贿罪)|受贿|滥用职权|渎职|玩忽职守|官官相护"
)
_TOGETHER = re.compile(rf"{_OFFICE}.{{0,15}}{_WRONG}|{_WRONG}.{{0,8}}{_OFFICE}")
_ELSEWHERE = re.compile(
    r"医院|医生|护士|学校|老师|幼儿园|物业|公司|银行|营业厅|公交|司机|店|超市|快递|邮政|宾馆|酒店|车站|保安|中介|开发商|厂"
)


def about_conduct(text: str) -> bool:
    """Judge a normalised text. Staff of hospitals, schools, firms and the like are not meant."""
    if not _HEADS.occurs(text):
        return False
    if _ALONE.search(text):
        return True
    found = _TOGETHER.search(text)
    return found is not None and not (
        _ELSEWHERE.search(text) and "干部" not in found[0] and "书记" not in found[0]
    )
