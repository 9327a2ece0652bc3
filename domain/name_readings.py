"""How characters are read in Chinese names, where a dictionary's first reading is wrong or only one of several."""

from types import MappingProxyType
from typing import Final

_SURNAMES: Final = """
单 shan|曾 zeng|仇 qiu|解 xie|区 ou|查 zha|朴 piao|缪 miao|盖 ge gai|乐 yue le|翟 zhai di|种 chong|覃 qin tan|冼 xian|洗 xian
卜 bu|员 yun yuan|贠 yun|召 shao zhao|牟 mou mu|折 she zhe|黑 he hei|秘 bi mi|郇 xun huan|佴 nai|隗 wei kui|祭 zhai|句 gou ju
尉 wei yu|谌 chen shen|郗 xi chi|能 nai|薄 bo|柏 bai bo|都 du|宿 su|阚 kan|那 na|长 chang|重 chong|行 xing|炅 gui|会 gui
莘 shen xin|宓 mi fu|郄 qie xi|繁 po|乜 nie|藏 zang|粘 nian|呙 guo|圈 juan|相 xiang|撒 sa|盛 sheng|沈 shen|石 shi|车 che
逄 pang|费 fei|谷 gu|任 ren|宁 ning|华 hua|应 ying|纪 ji|葛 ge|訾 zi|缴 jiao|晁 chao|於 yu|吕 lü|闾 lü|律 lü|仉 zhang
"""

_COMPOUND: Final = """
尉迟 yu chi|万俟 mo qi|长孙 zhang sun|澹台 tan tai|单于 chan yu|令狐 ling hu|宇文 yu wen|慕容 mu rong|司马 si ma|司徒 si tu
司空 si kong|司寇 si kou|鲜于 xian yu|呼延 hu yan|赫连 he lian|皇甫 huang fu|公冶 gong ye|公孙 gong sun|公羊 gong yang
公良 gong liang|濮阳 pu yang|淳于 chun yu|夏侯 xia hou|诸葛 zhu ge|东方 dong fang|东郭 dong guo|南宫 nan gong|南门 nan men
西门 xi men|东门 dong men|第五 di wu|拓跋 tuo ba|拓拔 tuo ba|贺兰 he lan|纳兰 na lan|完颜 wan yan|独孤 du gu|仲孙 zhong sun
端木 duan mu|百里 bai li|申屠 shen tu|太史 tai shi|太叔 tai shu|钟离 zhong li|闾丘 lü qiu|上官 shang guan|欧阳 ou yang
亓官 qi guan|子车 zi ju|颛孙 zhuan sun|宰父 zai fu|谷梁 gu liang|轩辕 xuan yuan|羊舌 yang she|梁丘 liang qiu|左丘 zuo qiu
漆雕 qi diao|乐正 yue zheng|壤驷 rang si|夹谷 jia gu|段干 duan gan|巫马 wu ma|微生 wei sheng|宗政 zong zheng|闻人 wen ren
耶律 ye lü|仆固 pu gu|哥舒 ge shu|屈突 qu tu
"""

_SEVERAL: Final = """
乐 le yue|行 xing hang|长 chang zhang|重 zhong chong|朝 chao zhao|茜 qian xi|晟 sheng cheng|盛 sheng cheng
传 chuan zhuan|柏 bai bo|娜 na nuo|仔 zi zai|莎 sha suo|蔚 wei yu|禅 chan shan|参 shen can|曾 zeng ceng|单 dan shan
朴 pu piao|阿 a e|奇 qi ji|尉 wei yu|车 che ju|种 zhong chong|解 jie xie|查 cha zha|都 du dou|藏 cang zang|莘 xin shen
省 sheng xing|泊 bo po|澄 cheng deng|佛 fo fu|杉 shan sha|厦 xia sha|调 tiao diao|员 yuan yun|裳 chang shang|翟 zhai di
仇 chou qiu|缪 miao mou|盖 gai ge|覃 qin tan|郗 xi chi|区 qu ou|谌 chen shen|和 he huo|降 jiang xiang|弹 dan tan
校 xiao jiao|差 cha chai|塞 sai se|屏 ping bing|俞 yu shu|贲 ben bi|贾 jia gu|繁 fan po|薄 bo bao|宿 su xiu|大 da dai
还 huan hai|卡 ka qia|说 shuo yue|会 hui kuai|折 zhe she|炅 jiong gui|婼 ruo chuo
"""


def _table(text: str) -> MappingProxyType[str, tuple[str, ...]]:
    entries = (entry.split() for line in text.splitlines() for entry in line.split("|") if entry)
    return MappingProxyType({name: tuple(syllables) for name, *syllables in entries})


SURNAMES: Final = _table(_SURNAMES)
"""A surname of one character → its readings, most usual first."""

COMPOUND_SURNAMES: Final = _table(_COMPOUND)
"""A surname of two characters → the reading of each."""

GIVEN: Final = _table(_SEVERAL)
"""A character of a given name → its readings, most usual first; a character not listed has one reading."""
