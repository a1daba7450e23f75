"""Whether somebody is in danger now. Alerts too often rather than too rarely."""

from __future__ import annotations

import re
from typing import NamedTuple

from nlp.judgement import Urgency
from nlp.phrases import Phrases

POLICE, FIRE, AMBULANCE, GAS = "110", "119", "120", "燃气公司"


class Danger(NamedTuple):
    """A kind of danger: the words that tell of it, whom to call, and whether it is aimed at oneself."""

    name: str
    numbers: tuple[str, ...]
    words: re.Pattern[str]


_FUEL = "煤气罐?|燃气|天然气|液化气|瓦斯|沼气|管道气|气罐|钢瓶"
_KIN = "老人|老人家|老太|老头|大爷|大妈|奶奶|爷爷|外公|外婆|爹爹|婆婆|爸|妈|爹|娘|老伴|邻居|孩子|小孩|宝宝|娃|孙子|孙女|儿子|女儿|老公|老婆|有人|一个人|他|她|我"

DANGERS = (
    Danger(
        "gas",
        (FIRE, GAS),
        re.compile(
            rf"(?:{_FUEL}).{{0,6}}(?:泄漏|泄露|漏了|漏气|在漏|跑气|爆了|炸了|着火|味道?(?:很|好|特别|非常)?[大重浓]|的?味道?|臭味|中毒|关不[上掉住])"
            rf"|(?:泄漏|泄露|漏|闻到|闻着|闻见|一股|满屋子?).{{0,5}}(?:{_FUEL})|漏煤气|漏气了|一氧化碳"
        ),
    ),
    Danger(
        "fire",
        (FIRE,),
        re.compile(
            r"着火|起火|失火|走水了|火灾|烧起来|烧着了|大火|火苗|冒火|爆炸|炸了|火很大|火烧"
            r"|(?:电线|电表|插座|电箱|配电箱|变压器|空调|电瓶车?|电动车|厨房|家里?|屋里?|房子|楼[上下道]|冰箱|充电).{0,6}(?:冒烟|冒黑烟|冒火|烧焦|焦糊味?|糊味)"
        ),
    ),
    Danger(
        "shock",
        (AMBULANCE, FIRE),
        re.compile(
            r"触电|被电[了着到打击倒麻]|电到(?:人|了)|电倒|电死|漏电|(?:电线|高压线|电缆).{0,6}(?:断了|掉下|掉在|掉到|落地|垂到|断在|断落|掉地|断下)|麻手"
        ),
    ),
    Danger(
        "fall",
        (AMBULANCE,),
        re.compile(
            rf"(?:{_KIN}).{{0,12}}(?:摔|跌|滑倒|绊倒|栽倒|从.{{1,6}}掉下)|摔倒了|跌倒了|摔伤|摔断|摔下|跌下|摔了.{{0,3}}(?:跤|一下)|爬不起来|起不来了?|站不起来|躺在地上|倒在(?:地|路)"
        ),
    ),
    Danger(
        "illness",
        (AMBULANCE,),
        re.compile(
            r"昏迷|晕倒|晕过去|昏倒|昏过去|不省人事|没有?反应|没了?知觉|叫不醒|喊不醒|敲门(?:没人应|不应)|喘不[上过]气|喘不过|呼吸困难|没有?呼吸|没气了|胸口.{0,3}[痛疼闷]|胸痛"
            r"|心脏病.{0,3}[发犯]|心梗|心绞痛|突发.{0,6}(?:病|中风)|中风了|脑溢血|脑出血|抽搐|抽起来|口吐白沫|吐血|大出血|血流不止|[流出](?:了)?(?:好多|很多|一地|许多)血|流血|快不行了|人不行了|要生了|羊水破"
            r"|休克|噎住|噎着|卡(?:住|在)(?:喉咙|嗓子|气管)|生命危险|烫伤|烧伤|[手腿脚胳膊指]+.{0,3}断了|半边身子|嘴歪|说不出话|救护车|急救"
        ),
    ),
    Danger(
        "drowning",
        (POLICE, AMBULANCE),
        re.compile(
            r"落水|溺水|(?:掉|落|跌|栽|滑|摔)(?:进|到|下|入|在)了?.{0,4}(?:河|塘|水|井|池|沟|渠|湖|江)|淹(?:死|着)|(?:人|孩子|小孩|娃).{0,4}(?:被)?淹|沉下去|在水里(?:挣扎|扑腾)"
        ),
    ),
    Danger(
        "trapped",
        (FIRE, POLICE),
        re.compile(
            r"困在|被困(?!扰)|困住|(?:人|我|他|她|孩子|老人).{0,5}(?:被)?(?:压在|压住|埋在|埋住|夹住|卡在|卡住|反锁|锁在|关在)|关在电梯|卡在电梯|电梯.{0,4}(?:关人|困人|卡人)|出不来了|被埋|被压在"
        ),
    ),
    Danger(
        "violence",
        (POLICE, AMBULANCE),
        re.compile(
            r"打人|打架|打起来|打伤|砍人|砍伤|捅|持刀|拿着?刀|动刀|提着刀|菜刀|家暴|家庭暴力|打我(?!电话|手机|的?电话|们?电话)|打我妈|打我爸|打(?:老婆|孩子|老人|老婆孩子|媳妇|她|他|小孩)(?!电话)|动手打|被打|挨打|群殴|殴打|抢劫|绑架|强奸|猥亵"
            r"|杀人|要杀|杀了(?:我|他|她|你)|弄死|踹门|砸门|撬门|撬锁|入室|进贼|有小偷|小偷[在正进翻]|有贼|跟踪我|尾随|拐(?:走|孩子|小孩)|抢孩子|出人命"
        ),
    ),
    Danger(
        "collapse",
        (FIRE, POLICE),
        re.compile(
            r"倒塌|坍塌|垮塌|塌[了下方陷]|快塌|要塌|垮了|(?:墙|房|屋|楼|树|杆|棚|桥|架)[^，。；]{0,5}(?:倒了|要倒|快倒|倒下|砸|垮)|滑坡|泥石流|决堤|决口|管涌|砸[到中伤]"
        ),
    ),
    Danger(
        "poisoning",
        (AMBULANCE,),
        re.compile(
            r"中毒|误食|误服|误喝|(?:喝|吃|吞)(?:了|下)?.{0,3}(?:农药|百草枯|敌敌畏|老鼠药|消毒液|洁厕|毒蘑菇|野蘑菇|电池)|上吐下泻|被?(?:毒?蛇|马蜂|疯狗)(?:咬|蜇|叮)|被.{0,4}狗咬|狗咬[了伤人]"
        ),
    ),
    Danger(
        "lost",
        (POLICE,),
        re.compile(
            rf"走失|走丢|失踪|失联|(?:{_KIN}|老年痴呆|痴呆).{{0,12}}(?:不见了|找不到了|找不着了|没回来|没回家|没有回[来家]|不知去向|联系不上|丢了|跑丢|没找到)"
        ),
    ),
    Danger(
        "crash", (AMBULANCE, POLICE), re.compile(r"车祸|撞(?:到|倒|伤|死|了)(?:人|老人|孩子|小孩)|撞飞|[人孩子老]被.{0,5}[撞轧]|翻车")
    ),
    Danger("cry", (POLICE, AMBULANCE), re.compile(r"救命[啊呀！!]|^救命|快救|快来救|快来人|救救我|救人啊|来人[啊呀]|sos")),
)

SELF_HARM = Danger(
    "self-harm",
    (POLICE, AMBULANCE),
    re.compile(
        r"自杀|不想活|想死|活着(?:真?的?)?(?:也|都|还)?没(?:有)?(?:什么|啥|多大)?(?:意思|劲|意义|盼头|奔头)|活不下去|活够|活腻|轻生|跳楼|跳河|跳桥|跳井|割腕|上吊|寻短见|寻死|一了百了|了结(?:自己|生命|算了)"
        r"|安眠药|结束(?:自己的?|我的?)?生命|自残|自尽|遗书|不如死|死了(?:算了|干净|拉倒|好)|死掉算了|想不开|没(?:有)?活路|不想活|喝农药|喝药|离开这个?世界"
    ),
)

_HEADS = Phrases(
    "煤气 燃气 天然气 液化气 瓦斯 沼气 管道气 气罐 钢瓶 漏气 一氧化碳 着火 起火 失火 走水 火灾 烧起来 烧着 大火 火苗 冒火 冒烟 爆炸 炸了 火很大 火烧 冒黑烟 烧焦 焦糊 糊味 "
    "电 麻手 摔 跌 滑倒 绊倒 栽 掉下 爬不起 起不来 站不起 躺在地 倒在 昏 晕 不省人事 反应 知觉 不醒 敲门 喘不 呼吸 没气 胸 心脏病 心梗 心绞痛 突发 中风 脑溢血 脑出血 抽 白沫 血 不行了 "
    "要生了 羊水 休克 噎 卡 生命危险 烫伤 烧伤 断了 半边身子 嘴歪 说不出话 救护车 急救 水 落 掉 淹 沉下去 困在 被困 困住 压 埋 夹住 反锁 锁在 关在 关人 出不来 打 砍 捅 刀 家暴 家庭暴力 殴 抢 绑架 "
    "强奸 猥亵 杀 弄死 踹门 砸 撬 入室 进贼 小偷 有贼 跟踪 尾随 拐 出人命 塌 垮 倒 滑坡 泥石流 决堤 决口 管涌 毒 误食 误服 误喝 农药 老鼠药 消毒液 洁厕 蘑菇 百草枯 敌敌畏 上吐下泻 咬 蜇 叮 走失 走丢 失踪 "
    "失联 不见了 找不 没回 回来 回家 去向 联系不上 丢 没找到 车祸 撞 轧 翻车 救命 快救 救救 救人 来人 sos 自杀 不想活 想死 活着 活不 活够 活腻 轻生 跳楼 跳河 跳桥 跳井 割腕 上吊 寻短见 寻死 一了百了 了结 "
    "安眠药 生命 自残 自尽 遗书 不如死 死了 死掉 想不开 活路 喝药 世界".split()
)
_FIGURATIVE = re.compile(
    r"想死你|[热累气笑吵烦急臭冷饿困忙难闷脏堵慢贵]死了?|跳楼价|跳楼大?甩卖|信息爆炸|爆炸性|火爆|心里?着火|生命力|生命科学|生命健康|生命财产|无视.{0,4}生命|打造|打人民|杀鸡|杀猪|屠杀|杀毒|杀虫|砍价|砍伐|砍树|打电话"
    r"|生命线|生死|大火热|漏电保护器?|烧伤科|煤气公司|燃气公司|天然气公司|煤气管道|毒瘤|抽水|有毒有害|刀具|血汗|血本|心血|血压|血糖|献血|血脂|验血|抽血|贫血"
)
_CLAUSE = re.compile(r"[^，。！？；,!?;\s]+")
_BEFORE = re.compile(
    r"去年|前年|上个?月|上个?星期|上周|上次|上回|以前|从前|当年|那年|曾经?|前几天|前些天|前两天|前天|那天|年前|早年|小时候|多年|几年|过去|(?:19|20)\d\d年|[0-9一二两三几]+个?(?:年|月)前"
    r"|如果|要是|万一|假如|假设|一旦|会不会|怕|担心|害怕|容易|可能|恐怕|早晚|迟早|总有一天|以免|避免|防止|预防|防范|以防|怎么防|小心|别让|不要|差点|差一点|险些|谨防|注意|严防|要出|出了|等到|难道|非要|何时|哪天|经常|老是|每次|每天|总是|常常|关于|涉嫌|电视|新闻|听说|网上|听讲|学习|演练|报名|听说过|申请|讲座|预案|咨询"
)
_AFTER = re.compile(
    r"[^，。；]{0,3}(?:隐患|风险|演练|演习|培训|讲座|知识|宣传|保险|报警器|报警装置|探测器|检测|怎么赔|赔偿|理赔|工伤|责任|认定|预防|防治|事件|案|罪|后遗症|电影|新闻|补助|补贴|鉴定|诉讼|判决|官司|医院|中心|预案|条例|整治|怎么预防|危险性"
    r"|过|的?(?:可能|危险)|怎么办理|谁负责|谁承担|之前|的?时候怎么|怎么自救|怎么防|现象|的?事故|的?问题|疫苗)"
)
_NOW = re.compile(r"现在|正在|刚才|刚刚|刚[摔跌倒被掉着起发]|马上|快来|快点|赶紧|救命|救救|至今|到现在|还没|一直没|还在|又[着起漏塌]|今天|今早|今晚|早上")


def urgency(text: str) -> Urgency:
    """Judge a normalised text; clause by clause, since 去年 in one clause says nothing about the next but one."""
    if not _HEADS.occurs(text):
        return Urgency()
    plain = _FIGURATIVE.sub(lambda found: "，" * len(found[0]), text)
    matched: list[str] = []
    numbers: list[str] = []
    own = _present(SELF_HARM, plain)
    for danger, words in [(SELF_HARM, own), *((danger, _present(danger, plain)) for danger in DANGERS)]:
        if words:
            matched += words
            numbers += danger.numbers
    return Urgency(bool(matched), tuple(dict.fromkeys(numbers)), bool(own), tuple(dict.fromkeys(matched)))


def _present(danger: Danger, text: str) -> list[str]:
    """The words that tell of this danger as present."""
    return [found[0] for found in danger.words.finditer(text) if not _excused(text, found)]


def _excused(text: str, found: re.Match[str]) -> bool:
    """Whether the words around say that it is past, feared, prevented or only talked about."""
    if _AFTER.match(text, found.end()):
        return True
    before = _clauses_before(text, found.start())
    return bool(_BEFORE.search(before)) and not _NOW.search(before)


def _clauses_before(text: str, position: int) -> str:
    """The clause up to the position, with the one before it, which often holds the time (去年冬天，…)."""
    clauses = _CLAUSE.findall(text[:position])
    return "，".join(clauses[-2:])
