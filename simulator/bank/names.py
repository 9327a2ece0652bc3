"""Chinese names by surname frequency, with compound surnames and long names with a middle dot."""

import numpy as np

from simulator.bank.cast import CUSTOMERS
from simulator.bank.cells import Bools, Floats

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
    "姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常单"
)
_HEAD = (7.2, 7.0, 6.6, 5.3, 4.6, 3.1, 2.2, 2.1, 2.0, 1.9)
_COMPOUND = ("欧阳", "司马", "上官", "诸葛", "尉迟", "夏侯", "东方", "皇甫", "慕容", "令狐")
_LONG = ("阿依古丽·", "买买提·", "古丽娜尔·", "巴特尔·", "扎西·", "艾力·")
_LONG_TAIL = ("测试江", "样例木", "阿不都测试", "热合曼样例", "测试次仁")
_MALE = "伟强磊军勇杰涛明超刚平辉鹏飞波斌浩宇轩博文志建国华海龙峰林松俊凯东亮"
_FEMALE = "芳娜敏静秀丽娟英霞玲桂兰燕红梅雪倩慧颖琳洁婷雯佳怡欣月淑珍凤莲璐萍岚"
_RESERVED = frozenset(person.name for person in CUSTOMERS)


def _weights() -> Floats:
    tail = 1.55 * 0.977 ** np.arange(len(_SURNAMES) - len(_HEAD))
    weights: Floats = np.concatenate((_HEAD, tail))
    weights /= weights.sum()
    return weights


def draw_names(rng: np.random.Generator, male: Bools) -> list[str]:
    count = len(male)
    surnames = rng.choice(np.array(list(_SURNAMES)), count, p=_weights())
    surnames = np.where(rng.random(count) < 0.002, rng.choice(np.array(_COMPOUND), count), surnames)
    first, second = (_given(rng, male) for _ in range(2))
    second = np.where(rng.random(count) < 0.18, "", second)
    names = [a + b + c for a, b, c in zip(surnames.tolist(), first.tolist(), second.tolist(), strict=True)]
    for at in np.flatnonzero(rng.random(count) < 0.005).tolist():
        names[at] = str(rng.choice(_LONG)) + str(rng.choice(_LONG_TAIL))
    return [name + "安" if name in _RESERVED else name for name in names]


def _given(rng: np.random.Generator, male: Bools) -> "np.ndarray[tuple[int], np.dtype[np.str_]]":
    men, women = (rng.choice(np.array(list(letters)), len(male)) for letters in (_MALE, _FEMALE))
    return np.where(male, men, women)
