"""A change of a command: how it is written, and what no change may do."""

from collections.abc import Collection, Iterator, Sequence

from pydantic import TypeAdapter, ValidationError

from domain.command import ALWAYS_ON, ANYONE, Command, Verb, Word
from domain.form import PICKED
from domain.given import FINISHED, SKIPPING
from domain.normalise import normalise
from domain.overlay import Terms, amend, terms_of, word_fault
from domain.pack import Pack
from domain.part import Part
from domain.refusal import Refused

MOST_ALIASES = 20
MOST_SHOWN = 110  # characters of a card that the words of one change may take
FAMILY = "command"  # the family of approvals
ABOUT = "command:"
EVERYBODY = "所有人"
OVERTAKEN = "这个命令在申请之后又变过，这件申请已经不能生效。请退回，需要时重新申请。"
_EVERYBODY = frozenset({EVERYBODY, "全部", "全员", ANYONE})
_ADD, _REMOVE = frozenset({"加", "加上", "增加", "添加", "+"}), frozenset({"去", "去掉", "减", "减去", "删", "-"})
_NONE = frozenset({"无", "没有", "清空"})
_WORD: TypeAdapter[str] = TypeAdapter(Word)


class CommandChange(Part):
    """One thing about one command, before and after."""

    command: str
    before: Terms
    after: Terms


def present(command: Command, after: Terms) -> Terms:
    """How the thing that is to be changed stands now."""
    now = terms_of(command).said
    return Terms.model_validate({name: now[name] for name in after.said})


def words_of(before: Terms, after: Terms) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that come and the words that go."""
    old, new = (terms.aliases or terms.posts or () for terms in (before, after))
    return tuple(word for word in new if word not in old), tuple(word for word in old if word not in new)


def forbidden(pack: Pack, command: Command, after: Terms, administrators: Collection[str]) -> Refused | None:
    """Why a change may not be; `administrators` are the posts of those who can change commands today."""
    amended, before = amend(command, after), present(command, after)
    changed = words_of(before, after)
    if after.enabled == before.enabled and not any(changed):
        return Refused(f"“{command.word}”现在就是这样，没有要改的。", reason="no change")
    if sum(len(word) + 1 for words in changed for word in words) > MOST_SHOWN:
        return Refused("一次改得太多，卡片上看不全，请分几次改。", reason="too much at once")
    return _lock_out(amended, administrators) or _bad_words(pack, command, amended)


def _lock_out(amended: Command, administrators: Collection[str]) -> Refused | None:
    if amended.verb not in ALWAYS_ON:
        return None
    posts = set(amended.posts)
    if not amended.enabled:
        return Refused(f"“{amended.word}”不能停用：停用了就没有人找得到回来的路。", reason="lock-out")
    if amended.verb is Verb.HELP_SHOW and ANYONE not in posts:
        return Refused(f"“{amended.word}”要留给所有人。", reason="lock-out")
    if amended.verb is Verb.ADMIN_SHOW and not posts & {ANYONE, *administrators}:
        return Refused(
            f"这样改了就没有管理员能用“{amended.word}”，至少要留下：{'、'.join(administrators)}。", reason="lock-out"
        )
    return None


def _bad_words(pack: Pack, command: Command, amended: Command) -> Refused | None:
    if amended.aliases == command.aliases:
        return None
    if len(amended.aliases) > MOST_ALIASES:
        return Refused(f"别名最多 {MOST_ALIASES} 个。", reason="too many aliases")
    answers = frozenset(_answers(pack)) - {word for each in pack.commands for word in (each.word, *each.aliases)}
    for word in [each for each in amended.aliases if each not in command.aliases]:
        if not _is_word(word):
            return Refused(f"“{word[:20]}”不能作别名：最多 10 个字，不含空格、斜线、冒号。", reason="no word")
        if word in answers or word.isdecimal():
            return Refused(f"“{word}”是填表时的回答，作了别名就答不了题，请换一个。", reason="an answer")
    changed = (amended if each.key == command.key else each for each in pack.commands)
    fault = word_fault(pack, changed)
    return Refused(f"{fault}，请换一个。", reason="word taken") if fault else None


def _is_word(text: str) -> bool:
    try:
        return _WORD.validate_python(text) == text
    except ValidationError:
        return False


def _answers(pack: Pack) -> Iterator[str]:
    """The words with which people answer forms."""
    yield from SKIPPING | FINISHED
    for form in pack.forms:
        for field in form.fields:
            yield from field.quick
            if field.type in PICKED:
                yield from (word for option in field.choices for word in option.words)


def read_aliases(text: str, now: Sequence[str]) -> tuple[str, ...]:
    """记拜访、走访 replaces what is there; 加 跑客户 and 去 走访 amend it; 无 empties it. Raises Refused."""
    words = _words(text)
    return () if len(words) == 1 and words[0] in _NONE else _amended(words, now)


def read_posts(text: str, now: Sequence[str], known: Collection[str]) -> tuple[str, ...]:
    """客户经理、主管 replaces, 加 and 去 amend, 所有人 opens the command to all. Raises Refused for an unknown post."""
    words = [ANYONE if word in _EVERYBODY else word for word in _words(text)]
    unknown = [word for word in words if word not in {*known, *now, ANYONE} | _ADD | _REMOVE]
    if unknown:
        raise Refused(
            f"没有“{unknown[0][:20]}”这个岗位。可以写：{EVERYBODY}、{'、'.join(known)}。", reason="unknown post"
        )
    posts = _amended(words, now)
    if not posts:
        raise Refused("至少要留下一个岗位；谁都不用的命令请停用。", reason="no post")
    return (ANYONE,) if ANYONE in posts else posts


def _words(text: str) -> list[str]:
    """The words of an answer; a sign stands alone even where it was written onto its word."""
    text = normalise(text)
    for mark in "、,，;；:：。|/":
        text = text.replace(mark, " ")
    words = []
    for word in text.split():
        glued = len(word) > 1 and word[0] in "+-"
        words += [word[0], word[1:]] if glued else [word]
    return words


def _amended(words: Sequence[str], now: Sequence[str]) -> tuple[str, ...]:
    signs = _ADD | _REMOVE
    kept = dict.fromkeys(now) if words and words[0] in signs else {}
    adding = True
    for word in words:
        if word in signs:
            adding = word in _ADD
        elif adding:
            kept[word] = None
        elif word in kept:
            del kept[word]
        else:
            raise Refused(f"“{word[:20]}”不在现在的名单里。", reason="not listed")
    return tuple(kept)
