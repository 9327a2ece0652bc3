"""The files of the import format, written in chunks, each with its fixed header."""

import csv
import json
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

COLUMNS = {
    "org_units": "unit_id,name,kind,parent_id",
    "staff": "userid,name,posts,unit_id,leader_userid,mobile,status,qualifications",
    "customers": "customer_id,name,gender,birth_date,birth_lunar,id_type,id_number,id_expiry,mobile,address,"
    "occupation,opened_on,rm_userid,unit_id,kyc_risk,kyc_due,marketing_consent,contact_preference,"
    "investor_class,annual_income,liquid_assets,horizon_days,frozen,sanctioned,collections",
    "service_team": "customer_id,userid,role,from,until",
    "risk_assessments": "customer_id,level,assessed_on,valid_until,channel,regime",
    "products": "product_id,name,kind,regime,risk,min_amount,term_days,on_sale_from,on_sale_until,"
    "issuer_risk,qualified_only,currency",
    "product_nav": "product_id,day,nav",
    "accounts": "account_id,customer_id,kind,opened_on,closed_on,balance,currency",
    "holdings": "holding_id,customer_id,product_id,amount,cost,opened_on,matures_on",
    "transactions": "txn_id,customer_id,booked_at,amount,kind,channel,counterparty,customer_initiated,"
    "account_id,balance_after",
    "aum_daily": "customer_id,day,aum",
    "loans": "loan_id,customer_id,kind,principal,balance,rate,opened_on,matures_on,next_due_on,next_due_amount,"
    "days_overdue,application_state,classification",
    "interactions": "interaction_id,customer_id,at,channel,direction,kind,by_userid,summary,satisfaction,reached",
    "complaints": (
        "complaint_id,customer_id,received_at,channel_code,business_code,cause_code,summary,closed_at,outcome"
    ),
    "relations": "customer_id,other_customer_id,kind",
    "touchpoints": "customer_id,at,channel,page,product_id,dwell_seconds",
}


class Files:
    """All files of one sample, open at once; `add` appends a chunk given as columns."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.rows: Counter[str] = Counter()
        self._stack = ExitStack()
        self._writers: dict[str, Any] = {}
        for name, header in COLUMNS.items():
            stream = self._open(folder / f"{name}.csv")
            stream.write(header + "\n")
            self._writers[name] = csv.writer(stream, lineterminator="\n")
        self._truth = self._open(folder / "truth.jsonl")

    def _open(self, path: Path) -> Any:
        return self._stack.enter_context(path.open("w", encoding="utf-8", newline=""))

    def __enter__(self) -> "Files":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._stack.close()

    def add(self, file: str, *columns: Sequence[object]) -> None:
        self._writers[file].writerows(zip(*columns, strict=True))
        self.rows[f"{file}.csv"] += len(columns[0])

    def truth(self, kind: str, customer_id: str, **numbers: object) -> None:
        line = {"kind": kind, "customer_id": customer_id, **numbers}
        self._truth.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.rows["truth.jsonl"] += 1
