"""What villagers write, for runs that need many messages; every one of these is filed as an appeal."""

from __future__ import annotations

from itertools import cycle, islice

DIFFICULTIES = (
    "三组的路灯坏了好几天了，晚上走路看不见",
    "村口垃圾桶满了没人收，味道很大，夏天苍蝇多",
    "我家门口的下水道堵了，污水都漫到路上来了",
    "奶奶一个人在家，中午没人做饭，能不能送餐",
    "小孩放学早，家里没人看，想找个地方写作业",
    "二组东头桥的栏杆断了，小孩从那里走很危险",
    "老人高龄津贴这两个月都没有到账，麻烦查一下",
    "隔壁装修噪音太大，中午也不停，老人睡不着",
    "我爸腿脚不好，想申请家里装扶手，找谁办",
    "自来水这几天很小，晚上做饭都接不到水",
)


def difficulties(count: int) -> list[str]:
    """`count` sentences, in turn."""
    return list(islice(cycle(DIFFICULTIES), count))
