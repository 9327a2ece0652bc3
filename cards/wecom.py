"""WeCom's five template cards: hard limits refuse, advised lengths are fitted so that no phone cuts anything off."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, TypeAdapter, ValidationError, model_validator

from cards.fitting import clean, fit
from cards.limits import CardLimit
from cards.parts import (
    ActionMenu,
    Button,
    CardAction,
    CardImage,
    Checkbox,
    Emphasis,
    Horizontal,
    ImageTextArea,
    Jump,
    Landing,
    MainTitle,
    Part,
    PlainSource,
    QuoteArea,
    Selection,
    Source,
    SubmitButton,
    TaskIdText,
    Vertical,
    block,
    line,
    refuse,
    unique,
)

Chosen: TypeAlias = Mapping[str, Collection[str]]
"""Question key → the ids of the options that were chosen."""


def _titled(title: int, desc: int, *, required: bool = True) -> AfterValidator:
    def check(heading: MainTitle) -> MainTitle:
        shown = fit(clean(heading.title or ""), title) or None
        refuse(required and shown is None, "title 不能为空")
        return MainTitle.model_construct(title=shown, desc=fit(clean(heading.desc or "", lines=True), desc) or None)

    return AfterValidator(check)


Horizontals: TypeAlias = Annotated[tuple[Horizontal, ...], Field(max_length=6)]
Jumps: TypeAlias = Annotated[tuple[Jump, ...], Field(max_length=3)]
ReplaceText: TypeAlias = Annotated[str | None, line(20)]


class Card(Part):
    """What all five have in common."""

    task_id: TaskIdText | None = None

    def dump(self) -> dict[str, Any]:
        """The `template_card` object of message/send."""
        full = self.model_dump(mode="json", exclude_none=True)
        return {name: value for name, value in full.items() if value or value not in ([], {})}

    def update(self) -> dict[str, Any]:
        """The `template_card` object of an update, which carries no task id."""
        return {name: value for name, value in self.dump().items() if name != "task_id"}


class _Notice(Card):
    """A card that is read and opens something; only its menu calls back."""

    source: Source | None = None
    action_menu: ActionMenu | None = None
    quote_area: QuoteArea | None = None
    horizontal_content_list: Horizontals = ()
    jump_list: Jumps = ()
    card_action: Landing

    @model_validator(mode="after")
    def _traceable(self) -> Self:
        refuse(self.action_menu is not None and self.task_id is None, "有 action_menu 时必须有 task_id")
        return self


class TextNotice(_Notice):
    card_type: Literal["text_notice"] = "text_notice"
    main_title: Annotated[MainTitle | None, _titled(36, 44, required=False)] = None
    emphasis_content: Emphasis | None = None
    sub_title_text: Annotated[str | None, block(160)] = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        titled = self.main_title is not None and self.main_title.title
        refuse(not titled and not self.sub_title_text, "main_title.title 和 sub_title_text 不能都为空")
        return self


class NewsNotice(_Notice):
    card_type: Literal["news_notice"] = "news_notice"
    main_title: Annotated[MainTitle, _titled(36, 44)]
    card_image: CardImage | None = None
    image_text_area: ImageTextArea | None = None
    vertical_content_list: Annotated[tuple[Vertical, ...], Field(max_length=4)] = ()

    @model_validator(mode="after")
    def _shows_something(self) -> Self:
        refuse(self.card_image is None and self.image_text_area is None, "card_image 和 image_text_area 至少要有一个")
        return self


class InteractiveCard(Card):
    """A card that calls back; once spent, its button is grey and says why."""

    task_id: TaskIdText
    replace_text: ReplaceText = None

    def spent(self, text: str, chosen: Chosen | None = None) -> Self:
        """The same card after a click: what was chosen stays visible, nothing can be chosen any more."""
        return self.model_copy(update={"replace_text": fit(clean(text), 20), **self._frozen(chosen or {})})

    def _frozen(self, chosen: Chosen) -> dict[str, Any]:
        raise TypeError(f"{type(self).__name__} cannot be spent")


class ButtonInteraction(InteractiveCard):
    card_type: Literal["button_interaction"] = "button_interaction"
    source: Source | None = None
    action_menu: ActionMenu | None = None
    main_title: Annotated[MainTitle, _titled(36, 44)]
    quote_area: QuoteArea | None = None
    sub_title_text: Annotated[str | None, block(160)] = None
    horizontal_content_list: Horizontals = ()
    card_action: CardAction | None = None
    button_selection: Selection | None = None
    button_list: Annotated[tuple[Button, ...], Field(min_length=1, max_length=6), unique("key")]

    def _frozen(self, chosen: Chosen) -> dict[str, Any]:
        selection = self.button_selection and _selected(self.button_selection, chosen, disable=None)
        return {"button_selection": selection, "action_menu": None}


class VoteInteraction(InteractiveCard):
    card_type: Literal["vote_interaction"] = "vote_interaction"
    source: PlainSource | None = None
    main_title: Annotated[MainTitle, _titled(16, 160)]
    checkbox: Checkbox
    submit_button: SubmitButton

    def _frozen(self, chosen: Chosen) -> dict[str, Any]:
        ids = chosen.get(self.checkbox.question_key, ())
        options = tuple(
            option.model_copy(update={"is_checked": option.id in ids}) for option in self.checkbox.option_list
        )
        return {"checkbox": self.checkbox.model_copy(update={"option_list": options, "disable": True})}


class MultipleInteraction(InteractiveCard):
    card_type: Literal["multiple_interaction"] = "multiple_interaction"
    source: PlainSource | None = None
    main_title: Annotated[MainTitle, _titled(36, 160)]
    select_list: Annotated[tuple[Selection, ...], Field(min_length=1, max_length=3), unique("question_key")]
    submit_button: SubmitButton

    def _frozen(self, chosen: Chosen) -> dict[str, Any]:
        return {"select_list": tuple(_selected(question, chosen, disable=True) for question in self.select_list)}


AnyCard: TypeAlias = Annotated[
    TextNotice | NewsNotice | ButtonInteraction | VoteInteraction | MultipleInteraction, Discriminator("card_type")
]
_ANY: TypeAdapter[AnyCard] = TypeAdapter(AnyCard)


def read_card(data: Mapping[str, Any]) -> AnyCard:
    """A card from plain data; raises `CardLimit` naming everything that WeCom would refuse."""
    try:
        return _ANY.validate_python(data)
    except ValidationError as error:
        raise CardLimit.of(error) from None


def _selected(question: Selection, chosen: Chosen, *, disable: bool | None) -> Selection:
    """With the choice marked. Page 94888 knows no `disable` on the drop-down of a button card."""
    known = [option.id for option in question.option_list if option.id in chosen.get(question.question_key, ())]
    return question.model_copy(update={"selected_id": next(iter(known), question.selected_id), "disable": disable})
