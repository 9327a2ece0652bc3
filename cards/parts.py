"""The pieces that template cards are made of, with WeCom's limit on each."""

from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from cards.fitting import clean, fit
from cards.limits import CardLimit

# Limits: https://developer.work.weixin.qq.com/document/path/90236 (字 = character, byte = UTF-8 byte).


UTF8_BYTES = 4  # of one character, at most


def refuse(broken: bool, rule: str) -> None:
    if broken:
        raise ValueError(rule)


def line(n: int, *, needed: bool = False) -> AfterValidator:
    def check(text: str | None) -> str | None:
        shown = text and fit(clean(text), n)
        refuse(needed and not shown, "不能为空")
        return shown

    return AfterValidator(check)


def block(n: int) -> AfterValidator:
    return AfterValidator(lambda text: text and fit(clean(text, lines=True), n))


def at_most(n: int) -> AfterValidator:
    rule = f"最多 {n} 字节"

    def check(text: str) -> str:
        refuse(len(text) * UTF8_BYTES > n and len(text.encode(errors="replace")) > n, rule)
        refuse(not text, "不能为空")
        return text

    return AfterValidator(check)


def unique(name: str) -> AfterValidator:
    def check(items: tuple[Any, ...]) -> tuple[Any, ...]:
        values = [value for item in items if (value := getattr(item, name)) is not None]
        refuse(len(set(values)) < len(values), f"{name} 不能重复")
        return items

    return AfterValidator(check)


Key: TypeAlias = Annotated[str, at_most(1024)]
OptionId: TypeAlias = Annotated[str, at_most(128)]
Url: TypeAlias = Annotated[str, Field(pattern=r"^https?://[^\s]+$"), at_most(2048)]
TaskIdText: TypeAlias = Annotated[str, Field(pattern=r"^[0-9A-Za-z_\-@]{1,128}$")]
ButtonText: TypeAlias = Annotated[str, line(10, needed=True)]


class Part(BaseModel):
    """A piece of a card; whatever breaks a limit says where."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def __init__(self, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as error:
            raise CardLimit.of(error) from None

    # So pydantic makes the parts of a card itself, as fast as without an __init__ of ours, and names each by its path.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]


class Link(Part):
    """Where a tap leads: nowhere (0), a page (1) or a mini program (2)."""

    type: Literal[0, 1, 2] | None = None
    url: Url | None = None
    appid: str | None = None
    pagepath: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        refuse(self.type == 1 and self.url is None, "type 为 1 时必须有 url")
        refuse(self.type == 2 and not self.appid, "type 为 2 时必须有 appid")
        return self


class PlainSource(Part):
    """The small line on top that says where the card comes from."""

    icon_url: Url | None = None
    desc: Annotated[str | None, line(20)] = None


class Source(PlainSource):
    desc_color: Literal[0, 1, 2, 3] | None = None


class MenuAction(Part):
    text: ButtonText
    key: Key


class ActionMenu(Part):
    desc: Annotated[str | None, line(20)] = None
    action_list: Annotated[tuple[MenuAction, ...], Field(min_length=1, max_length=3), unique("key")]


class MainTitle(Part):
    title: str | None = None
    desc: str | None = None


class QuoteArea(Link):
    title: Annotated[str | None, line(36)] = None
    quote_text: Annotated[str | None, block(160)] = None


class ImageTextArea(Link):
    title: Annotated[str | None, line(36)] = None
    desc: Annotated[str | None, block(160)] = None
    image_url: Url


class CardImage(Part):
    url: Url
    aspect_ratio: Annotated[float | None, Field(ge=1.3, le=2.25)] = None


class Emphasis(Part):
    title: Annotated[str | None, line(14)] = None
    desc: Annotated[str | None, line(22)] = None


class Horizontal(Part):
    """A name and its value: text, a link (1), an attachment (2) or a member's profile (3)."""

    _needs: ClassVar[dict[int | None, str]] = {1: "url", 2: "media_id", 3: "userid"}

    keyname: Annotated[str, line(5, needed=True)]
    value: Annotated[str | None, line(30)] = None
    type: Literal[0, 1, 2, 3] | None = None
    url: Url | None = None
    media_id: str | None = None
    userid: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needed = self._needs.get(self.type)
        if needed is not None:
            refuse(not getattr(self, needed), f"type 为 {self.type} 时必须有 {needed}")
        return self


class Vertical(Part):
    title: Annotated[str, line(38, needed=True)]
    desc: Annotated[str | None, block(160)] = None


class Jump(Link):
    title: Annotated[str, line(18, needed=True)]


class CardAction(Link):
    type: Literal[0, 1, 2]


class Landing(Link):
    """The card action that text and news notices must have."""

    type: Literal[1, 2]


class Button(Part):
    """A button that calls back with its key (0) or opens a page (1); style 1 is the main one."""

    text: ButtonText
    type: Literal[0, 1] | None = None
    key: Key | None = None
    url: Url | None = None
    style: Literal[1, 2, 3, 4] = 1

    @model_validator(mode="after")
    def _complete(self) -> Self:
        refuse(self.type == 1 and self.url is None, "type 为 1 时必须有 url")
        refuse(self.type != 1 and self.key is None, "必须有 key")
        return self


class Option(Part):
    id: OptionId
    text: Annotated[str, line(16, needed=True)]


class CheckOption(Part):
    id: OptionId
    text: Annotated[str, line(17, needed=True)]
    is_checked: bool = False


class Selection(Part):
    """A drop-down of at most ten options."""

    question_key: Key
    title: Annotated[str | None, line(10)] = None
    disable: bool | None = None
    selected_id: OptionId | None = None
    option_list: Annotated[tuple[Option, ...], Field(min_length=1, max_length=10), unique("id")]

    @model_validator(mode="after")
    def _known(self) -> Self:
        ids = {option.id for option in self.option_list}
        refuse(self.selected_id is not None and self.selected_id not in ids, "selected_id 不在选项里")
        return self


class Checkbox(Part):
    question_key: Key
    mode: Literal[0, 1] | None = None
    disable: bool | None = None
    option_list: Annotated[tuple[CheckOption, ...], Field(min_length=1, max_length=20), unique("id")]


class SubmitButton(Part):
    text: ButtonText
    key: Key
