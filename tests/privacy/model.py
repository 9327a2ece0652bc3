"""What the bank wants, written a second time from its rules and in other words; knows nothing of the product's code.
Posts, relations, fields, surfaces, settings and purposes are plain words. What no line names is not allowed.
"""

BOOK, LEADERS, BRANCH = ["客户经理", "私行经理", "理财顾问"], ["主管", "支行行长"], ["分行行长"]
WHOLE = ["客服坐席", "消保岗", "投诉管理岗", "总行分管高管", "合规岗", "反洗钱岗", "风控专员", "催收岗"]
SYSTEM = ["产品岗", "审计员", "数据安全岗", "业务管理员", "系统管理员", "安全管理员"]
SEES = [*BOOK, *LEADERS, *BRANCH, *WHOLE]
POSTS = [*SEES, *SYSTEM]

PERMISSIONS = {
    "help:read mine:read post:switch case:act case:read stand_in:set todo:complete todo:list todo:snooze": POSTS,
    "customer:page customer:read customer:search consent:read relation:record": SEES,
    "customer:reveal customer:break_glass tier:ask suitability:recommend": [*BOOK, *LEADERS, *BRANCH],
    "glass:review": [*LEADERS, *BRANCH, "总行分管高管", "合规岗"],
    "visit:log visit:undo": [*BOOK, *LEADERS, *BRANCH, "催收岗"],
    "care:judge care:read": [*BOOK, *LEADERS],
    "consent:record": [*BOOK, *LEADERS, *BRANCH, "客服坐席", "消保岗"],
    "person:freeze person:answer": ["消保岗", "合规岗"],
    "hold:ask export:comply": ["合规岗"],
    "hold:decide": ["合规岗", "总行分管高管"],
    "retention:confirm": ["合规岗", "数据安全岗"],
    "case:file": [*BOOK, *LEADERS, "客服坐席", "消保岗", "投诉管理岗"],
    "case:oversee": [*LEADERS, *BRANCH, "消保岗", "投诉管理岗", "总行分管高管", "合规岗"],
    "command:list": ["业务管理员", "系统管理员", "安全管理员"],
    "command:confirm": ["业务管理员", "安全管理员"],
    "command:change": ["业务管理员"],
    "export:ask": [*BOOK, *LEADERS, *BRANCH, "消保岗", "投诉管理岗", "合规岗"],
    "export:plain": BOOK,
    "export:agree tier:decide": [*LEADERS, *BRANCH, "总行分管高管"],
    "export:secure": ["数据安全岗"],
    "grant:confirm grant:list policy:preview": ["数据安全岗", "安全管理员"],
    "grant:request": ["安全管理员"],
    "staff:stop": ["系统管理员", "安全管理员"],
    "handover:ask": [*LEADERS, *BRANCH],
    "handover:decide": ["支行行长", *BRANCH, "总行分管高管"],
    "audit:read": ["合规岗", "审计员", "数据安全岗"],
    "suitability:ask": [*BOOK, *LEADERS, *BRANCH, "合规岗", "反洗钱岗", "产品岗", "审计员"],
    "suitability:read": ["合规岗", "反洗钱岗", "产品岗", "审计员"],
}

PURPOSES = {
    "服务 营销 投诉 贷后": BOOK,
    "服务 营销 投诉 贷后 尽调 监管": [*LEADERS, *BRANCH],
    "服务 投诉": ["客服坐席"],
    "服务 投诉 监管": ["消保岗", "投诉管理岗"],
    "服务 投诉 监管 尽调": ["总行分管高管", "合规岗"],
    "尽调 监管": ["反洗钱岗"],
    "贷后 尽调 监管": ["风控专员"],
    "贷后 服务": ["催收岗"],
    "服务": ["产品岗", "审计员", "业务管理员", "系统管理员"],
    "监管": ["数据安全岗", "安全管理员"],
}

NEAR, FAR, GUESTS, ALONE = ("own_book", "service_team"), ("in_scope",), ("case", "temporary"), ("emergency",)
WRITTEN = {"visit:log": "note", "relation:record": "relation", "tier:ask": "tier", "consent:record": "personal"}
MERE_LOOKS = ["customer:page", "customer:read", "customer:search", "customer:break_glass"]
COLLECTORS = [*BOOK, *LEADERS, *BRANCH, "风控专员", "催收岗"]
LENDERS = [*COLLECTORS, "合规岗", "总行分管高管"]
OPEN, MONEY = ("tier", "product", "risk", "share"), ("amount", "growth")


def purposes(post):
    return next((words.split() for words, posts in PURPOSES.items() if post in posts), [])


def allowed(post, permission):
    return any(permission in words.split() and post in posts for words, posts in PERMISSIONS.items())


def done(post, permission, how, purpose):
    """Whether somebody of a post may do that for a customer they stand to so; what is written has its own word."""
    field = WRITTEN.get(permission)
    writes = post in SEES and purpose in purposes(post) and (field != "relation" or how not in GUESTS)
    return (field is None or writes) and (how not in ALONE or permission in MERE_LOOKS)


def done_with_frozen(permission):
    """The law stops all but storing: what it asks for itself goes on."""
    return permission.startswith(("case:", "consent:", "handover:", "hold:", "person:"))


def relation(post, *, own, team, within, lent_unit, in_case, given, broken=False):
    """How somebody stands to a customer; `within` the units their post reaches."""
    if post not in SEES or post in WHOLE:
        return "in_scope" if post in WHOLE else None
    near = "own_book" if own else "service_team" if team else None
    far = "in_scope" if within and post not in BOOK else "case" if in_case else None
    return near or far or ("temporary" if given or lent_unit else "emergency" if broken else None)


def statement(post, lends):
    if post in BOOK:
        return "unit_tree" if lends else "own_book"
    return "unit_tree" if post in (*LEADERS, *BRANCH) else "all" if post in WHOLE else "none"


def reaches(post, *, same_sub_branch, same_branch):
    return (post in LEADERS and same_sub_branch) or (post in BRANCH and same_branch)


def inside(post, field, how, purpose):
    """How the signed-in page shows it: before any second verification."""
    if post not in SEES or purpose not in purposes(post):
        return "withheld"
    if field in ("id_number", "mobile", "address"):
        return "masked"
    if field in (*OPEN, "profile") or (field == "advice" and post in (*BOOK, *LEADERS, *BRANCH)):
        return "withheld" if how in ALONE else "plain"
    if field in ("name", "customer_number"):
        return "plain" if how in NEAR else "masked"
    if field in MONEY:
        return ("wan" if field == "amount" else "plain") if how in NEAR else "band"
    if how in (*GUESTS, *ALONE):
        return "withheld"
    if field == "personal" or (field == "trail" and purpose in ("服务", "营销")):
        return "plain" if how in NEAR else "withheld"
    if field in ("flow", "credit", "contribution"):
        entitled = {"flow": SEES, "credit": LENDERS, "contribution": ["风控专员"]}[field]
        return "withheld" if post not in entitled else "wan" if how in NEAR else "band"
    told = field == "relation" or (field == "collections" and post in COLLECTORS)
    return "plain" if told or (field == "aml" and post == "反洗钱岗" and how in FAR) else "withheld"


def form(post, field, how, surface, setting, purpose):
    """How a field appears to somebody of that post, there."""
    page = inside(post, field, how, purpose)
    secret = field in ("id_number", "mobile", "address", "note")
    if surface == "reveal":
        return "plain" if secret and post in SEES and purpose in purposes(post) and how in NEAR else page
    if surface == "wecom":
        return "withheld" if secret else narrowed(field, page, setting)
    if surface == "export_plain":  # where others have agreed: as after a second verification
        page = form(post, field, how, "reveal", setting, purpose)
    return page if surface == "page" or exported(field, how) else "withheld"


def exported(field, how):
    if field in ("mobile", "personal", "flow", "contribution"):
        return how in (FAR if field == "contribution" else NEAR)
    return how in (*NEAR, *FAR) and field in ("name", "customer_number", *MONEY, *OPEN, "profile", "credit")


def narrowed(field, page, setting):
    """The bank's own setting of what WeCom may carry."""
    if setting == "full_name" or page == "withheld" or field in ("customer_number", "profile", "advice"):
        return page
    tight = {"name": "masked", **dict.fromkeys((*MONEY, "flow", "credit", "contribution"), "band")}
    return "withheld" if setting == "reference" else tight.get(field, page)
