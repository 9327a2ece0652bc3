"""Every table of the house; the data dictionary is made from it.

`Sealed` columns hold ciphertext bound to table, column and row (storage.vault); `*_index` columns hold blind indexes.
Business moments are `Instant`; machine moments (leases, back-off, rates) are float seconds of the machine's clock.
"""

from storage.schema.access import access, acting_post, reveal, reveal_code
from storage.schema.admin import setting
from storage.schema.api import api_answer, api_key
from storage.schema.approval import approval
from storage.schema.base import Sealed, definition, metadata, read_as, rows_of, views
from storage.schema.calendar import calendar_day, calendar_hours
from storage.schema.care import finding
from storage.schema.case import case_event, case_file, case_link, case_number, case_person, pack_version, stand_in
from storage.schema.export import export
from storage.schema.feed import (
    account,
    aum_daily,
    complaint_history,
    customer,
    feed,
    feed_staging,
    holding,
    interaction,
    loan,
    org_unit,
    product,
    product_nav,
    relation,
    risk_assessment,
    service_team,
    staff,
    touchpoint,
    txn,
)
from storage.schema.flow import attempt, cron_run, inbox, outbox, timer, token
from storage.schema.labels import (
    book_count,
    label,
    label_count,
    label_due,
    label_mark,
    label_run,
    tier_override,
)
from storage.schema.made import made_file, made_part
from storage.schema.privacy import consent, restricted, subject_request
from storage.schema.proof import audit, audit_head, audit_subject, data_key, reason
from storage.schema.relations import tie
from storage.schema.retention import legal_hold, retention_report
from storage.schema.staffing import handover, handover_item, override, standing, team_seat
from storage.schema.suitability import paper_file, suitability_decision
from storage.schema.talk import card, conversation, greeting, quiet, web_session
from storage.schema.work import photo, todo, visit

__all__ = [
    "Sealed",
    "access",
    "account",
    "acting_post",
    "api_answer",
    "api_key",
    "approval",
    "attempt",
    "audit",
    "audit_head",
    "audit_subject",
    "aum_daily",
    "book_count",
    "calendar_day",
    "calendar_hours",
    "card",
    "case_event",
    "case_file",
    "case_link",
    "case_number",
    "case_person",
    "complaint_history",
    "consent",
    "conversation",
    "cron_run",
    "customer",
    "data_key",
    "definition",
    "export",
    "feed",
    "feed_staging",
    "finding",
    "greeting",
    "handover",
    "handover_item",
    "holding",
    "inbox",
    "interaction",
    "label",
    "label_count",
    "label_due",
    "label_mark",
    "label_run",
    "legal_hold",
    "loan",
    "made_file",
    "made_part",
    "metadata",
    "org_unit",
    "outbox",
    "override",
    "pack_version",
    "paper_file",
    "photo",
    "product",
    "product_nav",
    "quiet",
    "read_as",
    "reason",
    "relation",
    "restricted",
    "retention_report",
    "reveal",
    "reveal_code",
    "risk_assessment",
    "rows_of",
    "service_team",
    "setting",
    "staff",
    "stand_in",
    "standing",
    "subject_request",
    "suitability_decision",
    "team_seat",
    "tie",
    "tier_override",
    "timer",
    "todo",
    "token",
    "touchpoint",
    "txn",
    "views",
    "visit",
    "web_session",
]
