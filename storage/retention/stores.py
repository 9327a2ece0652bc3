"""Every table of the house with its kind, in the order in which they are gone through."""

from functools import cache

from domain.retention.kinds import Kind
from storage import schema
from storage.retention.of_customers import of_customers
from storage.retention.of_talk import of_talk
from storage.retention.of_work import of_work
from storage.retention.store import Store

_KEPT = {
    Kind.STAFF: ("org_unit_row", "staff_row", "standing", "override", "acting_post", "api_key"),
    Kind.AUDIT: ("audit", "audit_subject", "audit_head", "reason"),
    Kind.HOUSE: (
        "attempt", "book_count", "calendar_day", "calendar_hours", "case_number", "data_key", "feed", "feed_staging",
        "label_count", "label_due", "label_mark", "label_run", "pack_version", "paper_file", "product_nav_row",
        "product_row", "setting", "token",
    ),
}  # fmt: skip


@cache
def stores() -> tuple[Store, ...]:
    """Photos before their visits, messages before their cards, customers last."""
    tables = schema.metadata.tables
    kept = tuple(Store(tables[name], kind) for kind, names in _KEPT.items() for name in names)
    return (*kept, *of_work(), *of_talk(), *of_customers())


def kind_of() -> dict[str, Kind]:
    """The kind of each table, by the name under which it is read."""
    return {store.name: store.kind for store in stores() if not store.beside}
