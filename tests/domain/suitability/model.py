"""A second, smaller telling of the rules, from the table's plain YAML and plain facts: it shares no code with the
subject, and asks the questions as business-rules.md §2.2 puts them.
"""

from datetime import date


def age(born: date, day: date) -> int:
    years = day.year - born.year
    return years if (day.month, day.day) >= (born.month, born.day) else years - 1


def rank(word: str | None) -> int | None:
    """R3 or C3 is 3."""
    return int(word[1]) if word in {f"{letter}{n}" for letter in "CR" for n in range(1, 6)} else None


def judge(q: dict, table: dict) -> tuple[str, set[str]]:
    """The verdict, and every code that was found."""
    stops, steps = findings(q, table)
    codes = stops | steps
    return ("BLOCK" if stops else "ALLOW_WITH_STEPS" if steps else "ALLOW"), codes or {"fits"}


def findings(q: dict, t: dict) -> tuple[set[str], set[str]]:
    c, o, s, day = q["client"], q["offer"], q["seller"], q["day"]
    stop: set[str] = set()
    step: set[str] = set()
    kind, regime = t["kinds"].get(o["kind"]), t["regimes"].get(o["regime"])
    ours, theirs = rank(o["rating"]), rank(o["issuer_rating"])
    risk = None if ours is None or theirs is None else max(ours, theirs)
    spared = set(kind.get("spared", [])) if kind and risk == 1 else set()
    amount = None if q["amount"] is None or o["minimum"] is None else max(q["amount"], o["minimum"])
    born = c["born"]
    years = age(born, day) if born and born <= day else None

    def when(condition: object, code: str, into: set[str] = stop) -> None:
        if condition:
            into.add(code)

    # 1 sale
    when(day < t["effective_from"], "not_in_force")
    when(kind is None or regime is None, "kind_unknown")
    when(o["timely"] is not True, "products_late")
    if o["sale_from"] is None or o["sale_until"] is None:
        stop.add("sale_unknown")
    else:
        when(day < o["sale_from"] or day > o["sale_until"], "off_sale")
    when(o["currency"] != "CNY", "currency")
    certificates = s["qualifications"]
    if s["active"] is not True or certificates is None:
        stop.add("seller_unknown")
    elif kind and kind.get("qualification"):
        until = certificates.get(kind["qualification"])
        when(until is None, "unqualified")
        when(until is not None and until < day, "qualification_lapsed")
    when(amount is None, "amount_unknown")
    # 2 standing
    when(c["opened_on"] is None or c["opened_on"] > day, "no_account")
    when(c["sanctioned"] is True, "sanctioned")
    when(c["frozen"] is True, "frozen")
    when(None in (c["sanctioned"], c["frozen"], c["under_review"]), "standing_unknown")
    when(c["under_review"] is True, "under_review")
    heard = c["data_day"]
    when(heard is None or heard.toordinal() + t["data_days"]["value"] < day.toordinal(), "data_late")
    stopped = [
        halt
        for halt in t.get("halts", [])
        if not day < halt["from_day"]
        and not day > halt["until_day"]
        and (o["product_id"] in halt["products"] if halt.get("products") else True)
        and (o["kind"] in (None, *halt["kinds"]) if halt.get("kinds") else True)
        and (c["unit"] in halt["units"] if halt.get("units") else True)
    ]
    when(stopped or not c["unit"], "halted")
    for name, date_, grace, late in (
        ("review", c["kyc_due"], t["review_grace"]["value"], "review_lapsed"),
        ("identity", c["id_expiry"], t["identity_grace"]["value"], "identity_expired"),
    ):
        if date_ is None:
            stop.add(f"{name}_unknown")
        elif (overdue := (day - date_).days) > grace:
            stop.add(late)
        elif overdue > 0:
            step.add("review_due" if name == "review" else "identity_grace")
    # 3 and 4 the test, the match
    counted = [None, *(regime["assessments"] if regime else [])]
    taken = [a for a in c["assessments"] or [] if a["regime"] in counted and (a["assessed_on"] or date.min) <= day]
    taken.sort(key=lambda a: (-(a["assessed_on"] or date.max).toordinal(), rank(a["level"]) or 0))
    test = taken[0] if taken else None
    level = rank(test["level"]) if test else None
    if "assessment" not in spared:
        if level is None:
            stop.add("assessments_unknown" if c["assessments"] is None else "never_assessed")
        else:
            on, until = test["assessed_on"], test["valid_until"]
            longest = t["valid_days"].get(test["regime"], {}).get("value", -1)
            if on is None or until is None or until < day or (day - on).days > longest:
                stop.add("assessment_expired")
            elif years is not None and on >= born:
                reached = [n["value"] for n in t["outgrown"] if age(born, on) < n["value"] <= years]
                when(reached, "assessment_outgrown")
            fresh = o["kind"] in t["first"]["kinds"] and o["kind"] not in (c["holds"] or [])
            at_branch = any(a["channel"] in t["first"]["channels"] for a in c["assessments"] or [])
            when(fresh and not at_branch, "first_purchase", step)
    when(risk is None, "unrated")
    if risk and level and regime and "assessment" not in spared:
        cell = regime["matrix"][f"C{level}"][f"R{risk}"]
        when(cell == "block", "above_level")
        when(cell == "written" and not q["written"], "above_unasked")
        when(cell == "written" and q["written"], "above_asked", step)
    # 5 investor
    when(o["qualified_only"] is None, "restriction_unknown")
    if o["qualified_only"]:
        known = c["investor_class"] in t["qualified"]
        when(not known, "not_qualified")
        when(known, "qualified", step)
    # 6 age
    if "age" not in spared:
        when(years is None, "age_unknown")
        when(years is not None and years < t["adult"]["value"], "minor")
        for rule in t["ages"] if years is not None and risk else []:
            if years >= rule["years"] and risk >= rank(rule["rating"]):
                when(
                    True, "too_old" if rule["then"] == "block" else "elderly", stop if rule["then"] == "block" else step
                )
    # 7 term
    if "horizon" not in spared:
        when(o["term_days"] is None, "term_unknown")
        when(c["horizon_days"] is None, "horizon_unknown")
        when(None not in (o["term_days"], c["horizon_days"]) and o["term_days"] > c["horizon_days"], "too_long")
    # 8 shares, 9 means, 10 loans
    risky = risk is not None and risk >= rank(t["risky"]["rating"])
    if "shares" not in spared:
        if None in (c["assets"], c["risky"], o["held"]):
            stop.add("assets_unknown")
        elif amount is not None:
            when(100 * (o["held"] + amount) > t["single"]["value"] * c["assets"], "single_share")
            limit = t["risky"]["percent"][f"C{level}"] if level and risky else None
            when(limit is not None and 100 * (c["risky"] + amount) > limit * c["assets"], "risky_share")
    if "means" not in spared:
        when(c["liquid"] is None, "liquid_unknown")
        if None not in (c["liquid"], amount, years):
            share = min(m["percent"] for m in t["means"] if years >= m["years"])
            when(100 * amount > share * c["liquid"], "beyond_means")
    if "loans" not in spared:
        lent = c["recent_loans"]
        when(lent is None, "loans_unknown")
        when(None not in (lent, c["liquid"], amount) and lent > 0 and lent + amount > c["liquid"], "loan_money")
    # 11 what else
    when(risky, "risky", step)
    when(amount is not None and amount >= 100 * t["large"]["value"] and "shares" not in spared, "large", step)
    return stop, step
