"""分层 <客户> <日期>: the labels of a past day made again for one customer, and whether they are those on record."""

from datetime import date

from cards.labels import label_texts
from domain.daytext import day_text
from domain.ids import CustomerId
from domain.labels.standing import Standing, judge
from domain.sharing import title_of
from domain.summary import Line, show_lines
from domain.view.labels import past_lines, recorded_line
from handlers.context import Context
from handlers.label_past import day_before
from handlers.label_round import task_of
from handlers.reply import Reply, Say
from handlers.rights import audience
from storage import customers, label_runs, label_windows, labels

SOURCE = "来源：按现有数据和那一天的规则重算，不改当天的记录"


def of(context: Context, customer_id: CustomerId, day: date) -> Reply:
    """The labels as the data and the rules of that day give them, redacted for this reader. Raises Refused."""
    made_of = day_before(day, context.house.pack.labels)
    opened = customers.open_customer(context.unit, context.scope, customer_id, context.purpose, "wecom.labels")
    watching, today = audience(context, opened.relation), context.now.date()
    found = judge(label_windows.of_one(context.unit, customer_id, task_of(made_of, None)), made_of)
    lines = (*past_lines(found.labels.values()), _recorded(context, customer_id, day, found))
    whose = title_of(opened.facts.customer.name, customer_id, watching)
    heading = f"{whose} · {day_text(day, today)}的客户标签（数据截至 {day_text(made_of.last, today)}）"
    return tuple(Say(text) for text in label_texts(heading, show_lines(lines, watching), SOURCE))


def _recorded(context: Context, customer_id: CustomerId, day: date, found: Standing) -> Line:
    run = label_runs.run_of(context.unit, day)
    stood = labels.standing_of(context.unit, customer_id, run.run) if run else None
    return recorded_line(found.labels, stood.labels if stood else None)
