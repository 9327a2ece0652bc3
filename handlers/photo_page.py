"""The photos of a case, or of the visits to a customer, behind the card of either: for who reads the words beside them,
freshly signed in, and each look is on record.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.daytext import moment_text
from domain.ids import CaseId, CustomerId, TaskId, UserId
from domain.policy import Permission
from domain.refusal import Refused
from domain.staff import Staff
from handlers.case.naming import CASE_SUBJECT, case_of
from handlers.case.pictured import photos_of
from handlers.case.seeing import sight_for
from handlers.context import House
from handlers.on_card import NOT_FOUND, opened_on_card, permitted, theirs, watermark_of
from handlers.page import or_refusal, reads_notes
from handlers.sign_in import vouched_for
from storage import case_lists, cases, directory, photos
from storage.photos import Photo
from storage.unit import Unit

SURFACE = "h5.photos"
OF_VISITS = "拜访的照片"
STATES = {photos.WAITING: "正在取，请稍后再打开", photos.LOST: "没有取到，已请发照片的人补发"}
NONE = "还没有照片。"


@dataclass(frozen=True)
class Shot:
    """One photo: who sent it when, and, where it is not to be seen, why."""

    said: str
    missing: str


@dataclass(frozen=True)
class PhotosPage:
    """`of_customer`: the card they are behind has a customer's page, to which one goes back."""

    title: str
    shots: tuple[Shot, ...]
    watermark: str
    of_customer: bool


@dataclass(frozen=True)
class _Found:
    member: Staff
    title: str
    about: tuple[CustomerId, ...]
    photos: Sequence[Photo]


def visit_photos(unit: Unit, house: House, token: str, task_id: TaskId) -> PhotosPage | Refused | None:
    """All of them, for whoever holds the session `token`; None when nobody does, or not freshly."""
    person = vouched_for(unit, house, token)
    return None if person is None else or_refusal(unit, house, person, task_id, SURFACE, _page)


def visit_photo(number: int) -> Callable[[Unit, House, str, TaskId], Photo | Refused | None]:
    """The same for one of them, opened."""

    def one(unit: Unit, house: House, person: UserId, task_id: TaskId) -> Photo:
        found = _found(unit, house, person, task_id)
        shown = photos.opened(unit, found.photos[number - 1]) if number <= len(found.photos) else None
        if shown is None:
            raise Refused(NOT_FOUND, reason="no such photo")
        unit.audit("photo.shown", f"photo:{shown.photo_id}", {"surface": SURFACE}, found.about)
        return shown

    def visit(unit: Unit, house: House, token: str, task_id: TaskId) -> Photo | Refused | None:
        person = vouched_for(unit, house, token)
        return None if person is None else or_refusal(unit, house, person, task_id, SURFACE, one)

    return visit


def _page(unit: Unit, house: House, person: UserId, task_id: TaskId) -> PhotosPage:
    found = _found(unit, house, person, task_id)
    if not found.photos:
        raise Refused(NONE, reason="no photos")
    names = directory.names(unit, [each.sender for each in found.photos])
    shots = tuple(
        Shot(f"{names[each.sender]} {moment_text(each.sent_at, unit.now)}", STATES.get(each.state, ""))
        for each in found.photos
    )
    return PhotosPage(found.title, shots, watermark_of(unit, found.member), found.title == OF_VISITS)


def _found(unit: Unit, house: House, person: UserId, task_id: TaskId) -> _Found:
    """What the card is about decides who may look: it costs and answers the same where nobody may."""
    unit.actor = person
    card = theirs(unit, person, task_id)
    if card is not None and card.subject.startswith(CASE_SUBJECT):
        return _of_case(unit, house, person, case_of(card.subject), card.post)
    return _of_visits(unit, house, person, task_id)


def _of_case(unit: Unit, house: House, person: UserId, case_id: CaseId, post: str | None) -> _Found:
    """For who takes part in it: the others read how it stands, and none of its words."""
    member = permitted(unit, house, person, post, Permission.CASE_READ)
    sight = sight_for(unit, house, member)
    seen = case_lists.may_see(unit, sight, case_id)
    case = cases.load_case(unit, case_id) if seen else None
    if case is None or not cases.takes_part(unit, case_id, (sight.person, *sight.principals)):
        raise Refused(NOT_FOUND, reason="case not in sight")
    found = photos_of(unit, case_id, cases.records(unit, case_id))
    return _Found(member, f"案件 {case_id} 的照片", (case.customer,) if case.customer else (), found)


def _of_visits(unit: Unit, house: House, person: UserId, task_id: TaskId) -> _Found:
    """For who may read the notes of the visits after a second verification, which the fresh sign-in is."""
    member, opened, purpose = opened_on_card(unit, house, person, task_id, SURFACE)
    customer = opened.facts.customer.customer_id
    if not reads_notes(house, member, opened, purpose):
        raise Refused(NOT_FOUND, reason="not for this reader")
    return _Found(member, OF_VISITS, (customer,), photos.of_visits(unit, customer))
