"""What a message wants: an appeal (difficulty, suggestion, question) or one of the short commands."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nlp.judgement import Intent
from nlp.phrases import Phrases

SHORT = 14
"""Characters without marks up to which a message may be a bare command; longer ones tell something."""

TELLING = 2.0
"""Category score from which a message has a matter of its own, whatever courtesy surrounds it."""

_MARKS = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
_FILLERS = "那个|请|麻烦|帮我|帮忙|给我|我要|我想要?|想|要|能不能|可以|一下|下|吧|呢|啊|呀|哦|哈|了|的|嘛|吗|么|啦|呗|我|你们?|您"

_CHOICE = re.compile(r"(?:选|第|选第|我选)?(?:[0-9]{1,2}|[一二三四五六七八九])(?:个|号|项)?")
_BARE_CHOICE = re.compile(r"[0-9]{1,2}")
_NUMBER = re.compile(r"(?:编号|诉求|工单|单号)?[0-9]{3,8}(?:号)?")
_NOISE = re.compile(
    r"(?:[0-9a-z]*|(.)\1*|[哈呵嘿嘻呃嗯额啊哦噢喔唉哎哟嗷呜咦切]+|测试+(?:一下)?|试试|没事了?|没什么|发错了?|按错了?|打错了?"
    r"|好的?|行|可以|收到|知道了?|明白了?|是的?|不是|对的?|ok|嗯嗯|没有了?|呵呵)"
)
_GREETING = re.compile(
    r"(?:[你您]们?好呀?|大家好|[早午晚]上?(?:上|午|安)?好?|下午好|中午好|早安|晚安|早|hi+|hello|哈喽|哈啰|嗨|喂+|在吗|在么|在不在"
    r"|在不|有人吗|有人在吗|有人没|有没有人|新年好|新年快乐|节日快乐|中秋快乐|国庆快乐|过年好|春节快乐|拜年了?|请问|打扰了?|冒昧"
    r"|书记|主任|网格[员长]|同志|师傅|领导|老师|小编|客服|各位|朋友|亲|乡邻|啊|呀|哦|了|们|吗|一下|的|你|您|我是新来的|第一次用)+"
)
_GREETS = re.compile(r"好|早|安|hi|hello|哈喽|哈啰|嗨|喂|在|有人|有没有人|乐|拜年")
_HUMAN = re.compile(
    rf"(?:{_FILLERS})*(?:转接?|找|接|换|叫|要|联系|呼叫|喊)?(?:个|到|一个|你们)?"
    r"(?:人工(?:客服|服务|台|坐席)?|真人|活人|客服|工作人员|负责人|管事的人?|值班(?:人员|的人)?|网格[员长]|村干部|社区干部|干部|书记|主任|社工"
    r"|社区的人|村里的人)"
    rf"(?:来|说话|说|接|聊|回复|回话|联系我|给我打电话|打电话|的?电话|处理|服务|{_FILLERS})*"
)
_HUMAN_VERBATIM = re.compile(
    rf"(?:{_FILLERS})*(?:找个?人|叫个?人来?|找人工|转人工|人工|别用机器人|不要机器人|我不要和机器人说话|有没有真人|你是机器人)"
    rf"(?:说话|来|问问|说说|说|{_FILLERS})*"
)
_BARE_TITLE = re.compile(r"(?:网格[员长]|村干部|社区干部|干部|书记|主任|社工|负责人)")
_CANCEL = re.compile(
    r"(?:不用|不要|不必|不需要|用不着)(?:你们|麻烦|再)?(?:来|修|管|处理|帮|办|麻烦|弄|看|派人)*(?:你们)?(?:了|啦)|算了吧?$|^算了|撤回|撤销|撤诉|撤单|撤掉"
    r"|^(?:我?要?|我?想|帮我|请)?(?:取消|退掉|退订)|(?:不|没空|没法|不能)(?:去|来|参加|报名?)(?:了|啦)|不想(?:报|参加|去)了|取消(?:报名|预约|认领|诉求|申请|活动|吧|掉)"
    r"|^取消|已经(?:自己)?(?:修|弄|搞|处理|解决)?好了"
)
_PROGRESS = re.compile(
    r"进度|进展|(?:怎么样|咋样|怎样|如何|咋弄|咋个样|么样)(?:子)?了|到哪(?:一?步|里|儿|块)?了|有(?:没有)?(?:结果|消息|回音|回复|下文|着落|眉目|答复)"
    r"|(?:处理|解决|办|修|弄|搞|查)(?:得|的|到)?(?:怎么样|咋样|怎样|哪)|(?:处理|办|弄|搞|批|修|解决)(?:好|完|下来)(?:了)?(?:没有?|吗|么|不)"
    r"|(?:还没|没)(?:有)?(?:处理|办|弄|消息|结果|回复|动静|人联系|人来)|什么时候(?:才|能)?(?:来|好|修|办|处理|解决|给我)|几时(?:来|修|办)|催(?:一下|一催|办|下|促)?"
    r"|查(?:一?下|询)?(?:我的?)?(?:诉求|工单|单子|进度|办理|结果|编号)|快点|抓紧"
)
_OWN = re.compile(
    r"我(?:家)?(?:的|那个?|这个?|上次|之前|前几天|昨天|上周|们?)?(?:的)?(?:那|这)?(?:个|件|条)?(?:事|诉求|反映|报|说|提|问题|单子|工单|申请)"
    r"|(?:上次|上回|之前|前几天|前两天|昨天|上周|早上)(?:我)?(?:跟你们?|和你们?|给你们)?(?:说|反映|报|提|讲|问)|编号|单号|工单|诉求|(?:这|那)个?(?:事|件事)"
)
_SIGNUP = re.compile(r"报(?:个|一?下|上|过|不|得上)?名|预约|认领|认养|预定|订(?:个|一下)?(?:场地|位)|参加|登记参加|加入(?:志愿|合唱|舞蹈|队)|当志愿者|做志愿者|领(?:一)?块(?:菜)?地")
_SIGNUP_WHAT = re.compile(
    r"活动|学堂|[0-9四]点半|托管|班|课|讲座|菜地|菜园|地块|广场舞|舞蹈|合唱|书画|书法|扬剧|唱戏|沙龙|艺术团|志愿|场地|场次|棋牌|球|活动室|义诊|体检|比赛|旅游|夏令营|手工|烘焙"
    r"|插花|助餐|理发|名额|周[一二三四五六日末天]|星期|明天|后天|今天|下周"
)
_NO_SIGNUP = re.compile(r"不了|不上|不方便|太难|很难|为什么|为何|怎么还|没人管|投诉|收费|骗|考试|招考|招聘|高考|中考|学籍|医院|挂号|专家号|学校|幼儿园|入学|驾校")
_THANKS = re.compile(r"谢谢|多谢|谢了|感谢|感激|辛苦|太好了|真好|好人|点赞|给力|thank|3q|太棒|真棒|真不错|送锦旗|表扬|暖心|贴心|劳驾了|难为你")
_GRATITUDE = re.compile(r"(?:感谢|谢谢|多谢|表扬|送锦旗).{0,24}(?:修好|解决|办好|办成|办妥|处理好|弄好|装好|帮了|帮忙|帮我|帮助|关心|送|照顾|亮了|通了|拿到|领到)")
_SOLVED = re.compile(r"(?:修好|解决|办好|弄好|装好|亮|通|处理好|拿到|来水|来电).{0,2}了.{0,10}(?:谢谢|感谢|多谢|太好了|辛苦|给力|真好)")

_SUGGESTION = Phrases(
    "建议 提议 提个意见 提点意见 提个想法 有个想法 出个主意 献策 意见和建议 意见建议 几点意见 个人意见 金点子 倡议 最好能 最好是 最好在 最好 要是能 要是有 如果能 "
    "应该多 应当 应该有 应该设 应该建 应该给 是不是可以 是否可以考虑 可不可以考虑 可以考虑 考虑一下 希望能多 希望多 希望增加 希望加强 希望继续 希望组织 希望开 希望建 希望设 "
    "希望搞 希望可以 希望能从 能不能搞 能不能办个 能不能建 能不能开 能不能增 能不能加 能不能多 能不能有 能不能组织 能不能设 能不能弄个 能不能装 可不可以搞 可不可以建 可不可以装 可不可以多 "
    "可以搞 可以办个 可以多 可以建 可以增加 可以开 要加大 要加强 需要加强 要继续 需要好好改进 改进一下 能否增设 能否增加 能否开通 能否设 多搞 多办 多组织 多安排 多设 多建 "
    "增设 加装一个 新建一个 我觉得 我认为 不如 何不 呼吁加强 呼吁增加 加大保护 打造 要是村里能 村里能不能 社区能不能 更加人性化 尽快启动 扶持力度".split()
)
_QUESTION = Phrases(
    "请问 咨询 问一下 问下 问问 想问 我问 打听 想了解 了解一下 想知道 我想获知 求解答 解惑 解答 请教 疑问 怎么办理 怎么办 怎么申请 怎么弄 怎么报 怎么领 怎么交 怎么缴 怎么查 怎么认证 怎么走 怎么去 "
    "怎么操作 怎么才能 怎么样才能 怎样才能 怎样办 如何 咋办 咋弄 咋申请 咋个 要什么 需要什么 要哪些 需要哪些 哪些材料 什么材料 什么手续 什么条件 哪些条件 什么政策 哪些政策 有什么 有哪些 "
    "是什么 属于哪 哪里 哪儿 在哪 哪块 到哪 去哪 找谁 哪个部门 哪个科室 多少钱 多少 几块钱 几点 几号 什么时候 啥时候 何时 几时 多久 多大年龄 几岁 能不能办 能不能报 能不能领 能不能用 可不可以 可以吗 "
    "能吗 行吗 是否 能否 可否 有没有 要不要 需不需要 算不算 是不是 可以上户 吗 么 呢 还能 够不够 什么意思 啥 什么时间 上班时间 开门 标准".split()
)
_COMPLAINT = Phrases(
    "投诉 举报 反映 强烈 控诉 恳请 恳求 请求 要求 求助 救救 为什么 为何 为啥 凭什么 怎么还 怎么老 怎么总 怎么又 怎么不 怎么没 怎么这么 怎么这样 怎么无 怎么能 咋还 咋不 咋没 咋老 咋又 何故 "
    "谁来管 谁管 没人管 有人管 无人管 管不管 管一下 管管 没人来 没人收 没人修 没人理 不管 不理 不作为 什么时候是个头 何时了 何时是个头 何时能解决 何时能够解决 什么时候能解决 何时解决 什么时候解决 "
    "坏了 坏 破了 漏 堵了 堵 断了 停了 脏 臭 吵 乱收费 乱 差 欠 拖欠 被骗 骗 违规 违法 非法 违章 黑 扰民 污染 严重 一直 好几天 半个月 几个月 多年 年了 天了 月了 不给 不让 不发 不到位 不合理 不公平 "
    "没发 没有发 没到 没水 没电 没气 没法 无法 不能 不通 不了 太贵 太高 太慢 太差 太大 太烂 难 受不了 睡不着 困难 问题 盼 望解决 解决 整治 查处 取缔 制止 打击 拒绝 拒载 恶意 纠纷 打人 偷 丢了 "
    "不亮 堵塞 危险 隐患 生病 瘫痪 没人照顾 可怜 叫停 求 涨价 涨 太远 不方便 气死 惊现 质疑 黑幕 猖獗 泛滥 缺".split()
)
_STRONG_QUESTION = Phrases("请问 咨询 问一下 问下 问问 想问 打听 想了解 了解一下 想知道 请教 解惑 疑问 如何 怎么办理 怎么申请 多少 需要什么 要什么".split())
_STRONG_SUGGESTION = Phrases("建议 提议 提个意见 金点子 倡议 几点意见 个人意见 意见建议 献策".split())
_STRONG_COMPLAINT = Phrases("投诉 举报 反映 强烈 控诉 为什么 为何 为啥 凭什么 怎么还 怎么老 怎么又 怎么这么 咋还 没人管 谁来管 有人管 管一下 没人来 没人收 没人修 恳请 请求 要求 求助".split())


def core(text: str) -> str:
    """A normalised text without marks, blanks and emoji."""
    return _MARKS.sub("", text)


def intent(text: str, score: float = 0.0) -> Intent:
    """Judge a normalised text; `score` is that of its best category, so that a matter outweighs courtesy."""
    bare = core(text)
    if _CHOICE.fullmatch(bare) and (len(bare) > 1 or _BARE_CHOICE.fullmatch(bare)):
        return Intent.MENU_CHOICE
    command = _command(bare, score)
    if command is not None:
        return command
    if score <= 0 and (len(bare) <= 1 or _NOISE.fullmatch(bare)):
        return Intent.NOISE
    return appeal_kind(text)


def _command(bare: str, score: float) -> Intent | None:
    """The short command that the message is, if it is one."""
    brief = len(bare) <= SHORT
    if _GREETING.fullmatch(bare) and _GREETS.search(bare) and not _BARE_TITLE.fullmatch(bare):
        return Intent.GREETING
    if brief and (_HUMAN.fullmatch(bare) or _HUMAN_VERBATIM.fullmatch(bare)):
        return Intent.HUMAN
    if _is_signup(bare):
        return Intent.CANCEL if _CANCEL.search(bare) else Intent.SIGNUP
    if _is_thanks(bare, brief, score):
        return Intent.CANCEL if _CANCEL.search(bare) else Intent.THANKS
    if brief and score < TELLING and _CANCEL.search(bare):
        return Intent.CANCEL
    return Intent.PROGRESS if _is_progress(bare, brief, score) else None


def _is_signup(bare: str) -> bool:
    if not _SIGNUP.search(bare) or _NO_SIGNUP.search(bare) or len(bare) > 40:
        return False
    return len(bare) <= 8 or bool(_SIGNUP_WHAT.search(bare))


def _is_thanks(bare: str, brief: bool, score: float) -> bool:
    if _SOLVED.search(bare) or _GRATITUDE.search(bare):
        return not _STRONG_COMPLAINT.occurs(bare)
    return brief and score < TELLING and bool(_THANKS.search(bare)) and not _COMPLAINT.occurs(bare)


def _is_progress(bare: str, brief: bool, score: float) -> bool:
    if _NUMBER.fullmatch(bare):
        return True
    if not _PROGRESS.search(bare):
        return False
    return (brief and score < TELLING) or (len(bare) <= 2 * SHORT and bool(_OWN.search(bare)))


def appeal_kind(text: str) -> Intent:
    """Difficulty, suggestion or question; what complains is a difficulty, however it is put."""
    suggestion = _points(text, _SUGGESTION, _STRONG_SUGGESTION)
    complaint = _points(text, _COMPLAINT, _STRONG_COMPLAINT)
    question = _points(text, _QUESTION, _STRONG_QUESTION) + ("？" in text or "?" in text)
    if suggestion and suggestion >= complaint - 1 and suggestion >= question - 1:
        return Intent.SUGGESTION
    return Intent.QUESTION if question > complaint else Intent.DIFFICULTY


def _points(text: str, cues: Phrases, strong: Phrases) -> int:
    return _count(cues.found(text)) + 2 * len(strong.found(text))


def _count(found: Iterable[str]) -> int:
    """Cues, not counting one that lies inside another."""
    texts = tuple(found)
    return sum(not any(text != other and text in other for other in texts) for text in texts)
