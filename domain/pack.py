"""A pack: commands, forms, entry cards, menu and texts of one installation, read from one YAML file."""

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field as Limited
from pydantic import StringConstraints, ValidationError

from domain import pack_source
from domain.care.checks import care_faults
from domain.care.rules import Care
from domain.command import ALWAYS_ON, ANYONE, Command, Control, Verb
from domain.form import Form
from domain.handover import HandoverTerms
from domain.labels.rules import Versions
from domain.language.fields import FieldSpec
from domain.pack_checks import Fault, form_faults, unique_keys, unique_words
from domain.pack_source import PackError
from domain.part import Key, Part, Words
from domain.policy import Policy
from domain.policy_checks import policy_faults
from domain.policy_pack import PolicyPart
from domain.process.checks import process_faults
from domain.process.definition import Definition, compile_process
from domain.process.process import Process
from domain.retention.checks import retention_faults
from domain.retention.table import Edition, Retention
from domain.service import Service
from domain.suitability.checks import suitability_faults
from domain.suitability.papers import Paper, paper_faults
from domain.suitability.table import Table
from domain.texts import Texts

FORMAT_VERSION = 1
_CARD_BUTTONS = 6
_REMEMBERED = 16  # packs
_Part = TypeVar("_Part", Form, Command)
_TOP_BYTES, _SUB_BYTES = 16, 40  # names in WeCom's application menu


class EntryCard(Part):
    """The card with which somebody of these posts is greeted: at most 6 commands as buttons."""

    posts: tuple[Words, ...] = Limited(min_length=1)
    title: Annotated[str, StringConstraints(min_length=1, max_length=36)]
    text: Annotated[str, StringConstraints(max_length=112)] = ""
    commands: tuple[Key, ...] = Limited(min_length=1, max_length=_CARD_BUTTONS)


class MenuEntry(Part):
    """A line of the application menu that calls a command."""

    name: Words
    command: Key


class MenuTop(Part):
    """A button at the foot of the chat: it calls a command or opens up to five lines."""

    name: Words
    command: Key | None = None
    items: tuple[MenuEntry, ...] = Limited(default=(), max_length=5)


class Pack(Part):
    """Everything that business staff may change without code."""

    format_version: Literal[1]
    name: Key
    version: int = Limited(ge=1)
    commands: tuple[Command, ...] = ()
    controls: tuple[Control, ...] = ()
    forms: tuple[Form, ...] = ()
    entry: tuple[EntryCard, ...] = ()
    menu: tuple[MenuTop, ...] = Limited(default=(), max_length=3)
    texts: Texts = Texts()
    fields: tuple[FieldSpec, ...] = ()
    process: Process | None = None
    care: Care | None = None
    handover: HandoverTerms = HandoverTerms()
    suitability: Table | None = None
    papers: tuple[Paper, ...] | None = None
    labels: Versions = ()
    service: Service | None = None
    policy: PolicyPart | None = None
    retention: Retention | None = None

    def form(self, key: str) -> Form:
        """The form of that key; raises KeyError for an unknown one."""
        return _find(self.forms, key)

    def command(self, key: str) -> Command:
        """The command of that key; raises KeyError for an unknown one."""
        return _find(self.commands, key)

    @cached_property
    def definition(self) -> Definition:
        """The process of this version, ready for `advance`, made once; raises LookupError in a pack without one."""
        if self.process is None:
            raise LookupError(f"{self.name} has no process")
        return compile_process(self.process, self.version, self.fields, self.forms)

    @property
    def talks(self) -> bool:
        """Whether people talk to it: any pack that has commands, or nothing that stands alone."""
        alone = (self.process, self.policy, self.suitability, self.papers, self.retention)
        return bool(self.commands) or all(part is None for part in alone)

    def permissions(self) -> Policy:
        """The rules of who may do what, ready to be asked; raises LookupError in a pack without them."""
        if self.policy is None:
            raise LookupError(f"{self.name} has no policy")
        return self.policy.policy(self.name, self.version)

    def keeping(self) -> Edition:
        """How long data is kept, and in which version; raises LookupError in a pack without it."""
        if self.retention is None:
            raise LookupError(f"{self.name} has no retention")
        return Edition(f"{self.name}-{self.version}", self.retention)

    def entry_card(self, posts: Iterable[str]) -> EntryCard:
        """The first card that names one of the posts, or everybody."""
        held = {*posts, ANYONE}
        return next(card for card in self.entry if held & set(card.posts))


@lru_cache(maxsize=_REMEMBERED)
def load_pack(text: str) -> Pack:
    """Read and check a pack, the same words only once: a start reads each pack three times, and knowing where every
    word stands makes that slow. Raises PackError naming line and column of everything that is wrong, in Chinese.
    """
    source = pack_source.read(text)
    try:
        pack = Pack.model_validate(source.plain)
    except ValidationError as error:
        raise PackError(source.problems(error)) from None
    found = [source.problem(path, message) for path, message in _faults(pack)]
    if found:
        raise PackError(found)
    return pack if pack.care is None else pack.model_copy(update={"care": pack.care.bound(pack.service)})


def pack_schema() -> dict[str, Any]:
    """The JSON schema of a pack file, for editors and other programs."""
    return Pack.model_json_schema(by_alias=True)


def _find(parts: Iterable[_Part], key: str) -> _Part:
    for part in parts:
        if part.key == key:
            return part
    raise KeyError(key)


def _faults(pack: Pack) -> Iterator[Fault]:
    yield from unique_keys(pack.commands, ("commands",), "命令")
    yield from unique_keys(pack.controls, ("controls",), "控制词")
    yield from unique_keys(pack.forms, ("forms",), "表单")
    yield from unique_words({"commands": pack.commands, "controls": pack.controls})
    for index, form in enumerate(pack.forms):
        yield from form_faults(form, ("forms", index))
    yield from _command_faults(pack)
    yield from _menu_faults(pack)
    if pack.talks:
        yield from _chat_faults(pack)
        yield from _entry_faults(pack)
    if pack.process is not None:
        yield from process_faults(pack.process, pack.fields, pack.forms)
    if pack.care is not None:
        yield from care_faults(pack.care)
    if pack.policy is not None:
        yield from policy_faults(pack.policy)
    if pack.suitability is not None:
        yield from suitability_faults(pack.suitability)
    if pack.papers is not None:
        yield from paper_faults(pack.papers)
    if pack.retention is not None:
        yield from retention_faults(pack.retention)


def _chat_faults(pack: Pack) -> Iterator[Fault]:
    """Only a pack of a process, a policy or rules alone may leave the chat to another."""
    for name in ("commands", "controls", "entry"):
        if not getattr(pack, name):
            yield (name,), f"缺少必填的“{name}”"


def _command_faults(pack: Pack) -> Iterator[Fault]:
    forms = {form.key: form for form in pack.forms}
    for index, command in enumerate(pack.commands):
        if (command.verb is Verb.CASE_FILE) != (command.process is not None):
            yield ("commands", index, "process"), f"{Verb.CASE_FILE} 要写 process（登记哪个流程），别的动作不写"
        path = ("commands", index, "form")
        if not command.enabled and command.verb in ALWAYS_ON:
            yield ("commands", index, "enabled"), f"“{command.word}”不能停用"
        if command.form is None:
            continue
        if command.form not in forms:
            yield path, f"没有叫“{command.form}”的表单"
        elif forms[command.form].verb != command.verb:
            yield path, f"表单“{command.form}”办的是 {forms[command.form].verb}，与命令的 {command.verb} 不一致"


def _entry_faults(pack: Pack) -> Iterator[Fault]:
    for index, card in enumerate(pack.entry):
        for place, key in enumerate(card.commands):
            yield from _unknown(pack, key, ("entry", index, "commands", place))
    if not any(ANYONE in card.posts for card in pack.entry):
        yield ("entry",), '缺少一张给所有岗位的卡片（posts: ["*"]）'


def _menu_faults(pack: Pack) -> Iterator[Fault]:
    for index, top in enumerate(pack.menu):
        path = ("menu", index)
        yield from _too_long(top.name, _TOP_BYTES, (*path, "name"))
        if bool(top.command) == bool(top.items):
            yield path, "一级菜单要么写 command，要么写 items，二者取一"
        if top.command:
            yield from _unknown(pack, top.command, (*path, "command"))
        for place, entry in enumerate(top.items):
            yield from _too_long(entry.name, _SUB_BYTES, (*path, "items", place, "name"))
            yield from _unknown(pack, entry.command, (*path, "items", place, "command"))


def _unknown(pack: Pack, key: str, path: tuple[str | int, ...]) -> Iterator[Fault]:
    if all(command.key != key for command in pack.commands):
        yield path, f"没有叫“{key}”的命令"


def _too_long(name: str, limit: int, path: tuple[str | int, ...]) -> Iterator[Fault]:
    size = len(name.encode())
    if size > limit:
        yield path, f"菜单名“{name}”有 {size} 字节，最多 {limit} 字节（一个汉字 3 字节）"
