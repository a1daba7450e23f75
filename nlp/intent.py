"""What a message wants: an appeal (difficulty, suggestion, question) or one of the short commands."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nlp.judgement import Intent
from nlp.phrases import Phrases
from nlp.tables import WORDS, rows

SHORT = 14
"""Characters without marks up to which a message may be a bare command; longer ones tell something."""

TELLING = 2.0
"""Category score from which a message has a matter of its own, whatever courtesy surrounds it."""

_MARKS = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
_TITLE = "(?:书记|主任|网格[员长]|同志|师傅|领导|老师|小编|客服|各位|村干部|社区干部|干部|社工|大家)"
_SOFT = "(?:那个|请|麻烦|帮我|帮忙|给我|我要|我想要?|想|要|能不能|可以|一下|下|吧|呢|啊|呀|哦|哈|了|的|嘛|吗|么|啦|呗|我|你们?|您)*"  # noqa: E501 - one pattern

_CHOICE = re.compile(
    r"[0-9]{1,2}|(?:选|第|选第|我选)[0-9一二三四五六七八九]{1,2}(?:个|号|项)?|[0-9](?:个|号|项)"
)
_NUMBER = re.compile(r"(?:编号|诉求|工单|单号)?[0-9]{3,8}号?")
_NOISE = re.compile(
    r"[0-9a-z]*|(.)\1*|[哈呵嘿嘻呃嗯额啊哦噢喔唉哎哟嗷呜咦切]+|测试+(?:一下)?|试试|没事了?|没什么|发错了?|按错了?|打错了?"
    r"|好[的吧]?|行|可以|收到|知道了?|明白了?|是的?|不是|对的?|没有了?"
)
_GREETING = re.compile(
    rf"(?:{_TITLE}?[你您]们?好呀?|{_TITLE}们?好|大家好|[早午晚]上?(?:上|午|安)?好|早安|晚安|下午好|中午好|hi+|hello|哈[喽啰]|嗨|喂+|在(?:吗|么|不在|不)"
    rf"|有人在?吗|有人没|有没有人|新年[好快乐]+|(?:节日|中秋|国庆|春节|元旦|端午)快乐|过年好|拜年了?|打扰了?|{_TITLE}|请问|亲|乡邻|[啊呀哦了们的早]|我是新来的|第一次用)+"
)
_HUMAN = re.compile(
    rf"{_SOFT}(?:转接?|找|接|换|叫|要|联系|呼叫|喊)?(?:个|到|一个|你们)?"
    rf"(?:人工(?:客服|服务|台|坐席)?|真人|活人|客服|工作人员|负责人|管事的人?|值班(?:人员|的人)?|网格[员长]|村干部|社区干部|干部|书记|主任|社工"
    rf"|社区的人|村里的人)(?:来|说话|说|接|聊|回复|回话|联系我|给我打电话|打电话|的?电话|处理|服务)*{_SOFT}"
)
_SOMEBODY = re.compile(
    rf"{_SOFT}(?:找个?人|叫个?人来?|别用机器人|不要机器人|我?不要和机器人说话?|有没有真人|你?是机器人)(?:说话|来|问问|问|说)?{_SOFT}"
)
_CANCEL = re.compile(
    r"(?:不用|不要|不必|不需要|用不着)(?:你们|麻烦|再)?(?:来|修|管|处理|帮|办|弄|看|派人)*(?:你们)?(?:了|啦)|算了吧?$|^算了|撤[回销诉单掉]"
    r"|(?:不|没空|没法|不能)(?:去|来|参加|报名?)(?:了|啦)|不想(?:报|参加|去)了|^(?:我?要?|我?想|帮我|请)?(?:取消|退掉|退订)"
    r"|取消(?:报名|预约|认领|诉求|申请|活动|吧|掉)|已经(?:自己)?(?:修|弄|搞|处理|解决)?好了"
)
_DECLINE = re.compile(r"(?:我们?|孩子|孙子|孙女|家里人?).{0,4}(?:不|没空|没法|不能)(?:去|来|参加)(?:了|啦)$")
_PROGRESS = re.compile(
    r"进度|进展|(?:怎么样|咋样|怎样|如何|咋弄|么样)子?了|到哪(?:一?步|里|儿|块)?了|有(?:没有)?(?:结果|消息|回音|回复|下文|着落|眉目|答复)"
    r"|(?:处理|解决|办|修|弄|搞|查)[得的到]?(?:怎么样|咋样|怎样|哪)|(?:处理|办|弄|搞|批|修|解决)(?:好|完|下来)?了?(?:没有?|吗|么|不)(?!人)"
    r"|没(?:有)?(?:处理|办|弄|消息|结果|回复|动静|人联系|人来)|(?:什么时候|几时)(?:才|能)?(?:来|好|修|办|处理|解决|给我)|催(?:一下|一催|办|下|促)?$"
    r"|查(?:一?下|询)?(?:我的?)?(?:诉求|工单|单子|进度|办理|结果|编号)|快点|抓紧"
)
_OWN = re.compile(
    r"我家?(?:的|那个?|这个?|上次|之前|前几天|昨天|上周|们)*(?:个|件|条)?(?:事|诉求|反映|报的|说的|提的|问题|单子|工单|申请)"
    r"|(?:上次|上回|之前|前几天|前两天|昨天|上周|早上)我?(?:[跟和给]你们?)?(?:说|反映|报|提|讲|问)|编号|单号|工单|诉求|[这那]个?(?:事|件事)"
)
_SIGNUP = re.compile(
    r"报(?:个|一?下|上|得上)?名|预约|认领|认养|预定|订(?:个|一下)?(?:场地|位)|参加|加入(?:志愿|合唱|舞蹈|队)|[当做]志愿者|领(?:一)?块(?:菜)?地"
    r"|[想要给].{0,6}报(?:个|上)?(?=.{0,8}(?:班|学堂|课|团|队))"
)
_SIGNUP_WHAT = re.compile(
    r"活动|学堂|[0-9四]点半|托管|班|课|讲座|菜地|菜园|地块|舞|合唱|书画|书法|扬剧|唱戏|沙龙|艺术团|志愿|场地|场次|棋|球|活动室|义诊|体检|比赛|旅游|夏令营|手工|烘焙"
    r"|插花|助餐|理发|名额|周[一二三四五六日末天]|星期|明天|后天|今天|下周"
)
_NO_SIGNUP = re.compile(
    r"不了|不上|不方便|太难|很难|为什么|为何|怎么还|没人管|投诉|收费|骗|考试|招考|招聘|高考|中考|学籍|医院|挂号|专家号|学校|幼儿园|入学|驾校"
)
_THANKS = re.compile(
    r"谢谢|多谢|谢了|感谢|感激|辛苦|太好了|真好|好人|点赞|给力|thank|3q|太棒|真棒|真不错|锦旗|表扬|暖心|贴心|[做办搞干]得(?:真|很|挺|太)?好"
)
_GRATITUDE = re.compile(
    r"(?:感谢|谢谢|多谢|表扬|锦旗).{0,24}(?:修好|解决|办好|办成|办妥|处理好|弄好|装好|帮了|帮忙|帮我|帮助|关心|送|照顾|亮了|通了|拿到|领到)"
    r"|(?:修好|解决|办好|弄好|装好|亮|通|处理好|拿到|来水|来电).{0,2}了.{0,10}(?:谢谢|感谢|多谢|太好了|辛苦|给力|真好)"
)

_ADD = re.compile(
    r"(?:能不能|可不可以|是不是可以|能否|可否|可以).{0,14}(?:[装建增加设种架搭铺]|办个|搞个|搞点|开个|多|组织|上门|安排|弄个|放个|延长|改成|换成)"
)
_REPROACH = re.compile(
    r"怎么[^，。？?]{0,6}(?:这么|那么|又|老是?|总是?|还不|还没|没有?|都不)|没人(?:管|修|收|理|问|来|扫|清|接|带|烧)|不(?:养|给|还|让|管|肯|退|发)(?!不)"
)
_ASKS = re.compile(
    r"([\u4e00-\u9fff])[不没]\1|(?:证|卡|手续|证明|低保|医保|社保|户口|贷款|执照|转移|保险|救助|补贴)怎么[办弄搞]"
)


def _cues() -> tuple[Phrases, Mapping[str, tuple[str, int]]]:
    """The phrases that tell the kinds of appeal apart, each with its kind and points."""
    kinds: dict[str, tuple[str, int]] = {}
    for _, (kind, points, phrases) in rows(WORDS / "cues.tsv"):
        kinds |= dict.fromkeys(phrases.split(), (kind, int(points)))
    return Phrases(kinds), kinds


_PHRASES, _KINDS = _cues()


def core(text: str) -> str:
    """A normalised text without marks, blanks and emoji."""
    return _MARKS.sub("", text)


def intent(text: str, score: float = 0.0) -> Intent:
    """Judge a normalised text; `score` is that of its best category, so that a matter outweighs courtesy."""
    bare = core(text)
    if _CHOICE.fullmatch(bare):
        return Intent.MENU_CHOICE
    command = _command(bare, score)
    if command is not None:
        return command
    if score <= 0 and _NOISE.fullmatch(bare):
        return Intent.NOISE
    return appeal_kind(text)


def _command(bare: str, score: float) -> Intent | None:
    """The short command that the message is, if it is one."""
    brief = len(bare) <= SHORT
    if _GREETING.fullmatch(bare) and not re.fullmatch(_TITLE, bare):
        return Intent.GREETING
    if brief and (_HUMAN.fullmatch(bare) or (score < TELLING and _SOMEBODY.fullmatch(bare))):
        return Intent.HUMAN
    if brief and _DECLINE.search(bare) and _SIGNUP_WHAT.search(bare):
        return Intent.CANCEL
    if _is_signup(bare):
        return Intent.CANCEL if _CANCEL.search(bare) else Intent.SIGNUP
    if _is_thanks(bare, brief, score):
        return Intent.CANCEL if _CANCEL.search(bare) else Intent.THANKS
    if brief and score < TELLING and _CANCEL.search(bare):
        return Intent.CANCEL
    return Intent.PROGRESS if _is_progress(bare, brief, score) else None


def _is_signup(bare: str) -> bool:
    if len(bare) > 3 * SHORT or not _SIGNUP.search(bare) or _NO_SIGNUP.search(bare):
        return False
    return len(bare) <= SHORT // 2 or bool(_SIGNUP_WHAT.search(bare))


def _is_thanks(bare: str, brief: bool, score: float) -> bool:
    if _GRATITUDE.search(bare):
        return _points(bare)["difficulty"] < 2
    return brief and bool(_THANKS.search(bare)) and (score < TELLING or not _points(bare)["difficulty"])


def _is_progress(bare: str, brief: bool, score: float) -> bool:
    if _NUMBER.fullmatch(bare):
        return True
    if len(bare) > 2 * SHORT or not _PROGRESS.search(bare):
        return False
    return (brief and score < TELLING) or bool(_OWN.search(bare))


def appeal_kind(text: str) -> Intent:
    """Difficulty, suggestion or question; what complains is a difficulty, however it is put."""
    points = _points(text)
    complaint = points["difficulty"] + 3 * bool(_REPROACH.search(text))
    suggestion = points["suggestion"] + 3 * bool(_ADD.search(text))
    question = points["question"] + ("？" in text or "?" in text) + 2 * bool(_ASKS.search(text))
    if suggestion and suggestion >= complaint - 1 and suggestion >= question - 1:
        return Intent.SUGGESTION
    return Intent.QUESTION if question > complaint else Intent.DIFFICULTY


def _points(text: str) -> dict[str, int]:
    """Points of each kind of appeal; a phrase inside another does not count, a repeated one counts once."""
    found = _PHRASES.found(text)
    points = {"difficulty": 0, "suggestion": 0, "question": 0}
    for phrase in found:
        if not any(phrase != other and phrase in other for other in found):
            kind, worth = _KINDS[phrase]
            points[kind] += worth
    return points
