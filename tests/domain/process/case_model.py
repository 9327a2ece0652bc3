"""An independent model of the engine for one small process: plain dicts and lists, no code shared with the subject."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

HOUR = 3600
PEOPLE = "abcdeh"
VOTERS = ["c", "d"]
LADDERS = {
    "s": {"half": (5 * HOUR, 2, ["owner"], False), "full": (10 * HOUR, 3, ["e"], False),
          "double": (20 * HOUR, 4, ["e", "h"], False)},
    "v": {"day": (24 * HOUR, 1, ["h"], True)},
}  # fmt: skip
FROM = {
    "begin": {"new"}, "note": {"work", "waiting"}, "offer": {"work"}, "grant": {"work", "waiting"}, "assist": {"work"},
    "hold": {"work"}, "go": {"work"}, "finish": {"work"}, "again": {"done"}, "accuse": {"work"},
}  # fmt: skip
WHO = {"begin": ["a", "b"], "note": ["owner", "filer"], "accuse": ["filer"], "again": ["filer", "d"]}


class Model:
    """Times are seconds since the beginning; every answer is a word of refusal or None."""

    def __init__(self) -> None:
        self.now, self.deputies, self.away = 0, dict[str, list[str]](), set[str]()
        self.s: dict[str, Any] = {
            "state": "new", "rev": 0, "settled": 0, "roles": {}, "out": set(), "flags": set(), "clocks": {},
            "fired": set(), "asked": [], "tasks": [], "undo": None,
        }  # fmt: skip
        self.told: dict[str, list[str]] = {}

    def named(self, word: str) -> list[str]:
        return [self.s["roles"][word]] if word in self.s["roles"] else [word] if word in PEOPLE else []

    def steps_in(self, person: str, barred: set[str]) -> str | None:
        pool = [person] if person not in self.away else [x for x in self.deputies.get(person, []) if x not in self.away]
        return None if person in barred else next((x for x in pool if x not in barred), None)

    def first(self, words: Iterable[str], barred: set[str]) -> list[str]:
        for word in [*words, "h"]:
            found = [p for p in (VOTERS if word == "post" else self.named(word)) if self.steps_in(p, barred)]
            if found:
                return found
        return []

    def stands(self, words: list[str], actor: str) -> str | None:
        if actor in self.s["out"]:
            return None
        people = [p for word in words for p in self.named(word)]
        stood = (p for p in people if p not in self.s["out"] and actor in self.deputies.get(p, []))
        return actor if actor in people else next(stood, None)

    def kin(self, *people: str) -> set[str]:
        found = set(people)
        while more := {x for p in found for x in self.deputies.get(p, [])} - found:
            found |= more
        return found

    def act(self, action: str, actor: str, rev: int) -> str | None:
        s = self.s
        behalf = self.stands(WHO.get(action, ["owner"]), actor)
        if not s["settled"] <= rev <= s["rev"]:
            return "stale"
        if s["state"] not in FROM[action] or behalf is None:
            return "state" if s["state"] not in FROM[action] else "forbidden"
        if action == "finish" and not {"granted", "helped"} <= s["flags"]:
            return "guard"
        approving = {"offer": ["d"], "grant": ["post"]}.get(action)
        voters = self.first(approving, s["out"] | self.kin(actor, behalf)) if approving else []
        if action == "hold" and (s["clocks"]["s"]["state"] != "running" or s["clocks"]["s"]["days"] >= 3):
            return "clock"
        if approving and not voters:
            return "vacant"
        if action == "grant" and any(a["action"] == "grant" and a["verdict"] == "open" for a in s["asked"]):
            return "asked"
        self.done(action, actor, settles=action != "note")
        parts = "de" if action == "assist" else ""
        s["tasks"] += [{"who": self.first([part], s["out"]), "since": s["rev"], "open": True} for part in parts]
        if approving:
            s["asked"].append({"action": action, "by": actor, "for": behalf, "voters": voters, "votes": []})
            s["asked"][-1] |= {"verdict": "open", "since": s["rev"]}
        return None

    def done(self, action: str, actor: str, settles: bool) -> None:
        s = self.s
        s["rev"] += 1
        s["settled"] = s["rev"] if settles else s["settled"]
        s["undo"] = None
        s["roles"] |= {"filer": actor} if action == "begin" else {}
        s["out"] |= {"b"} if action == "accuse" else set()
        if s["roles"].get("owner") in s["out"] or action in ("begin", "again"):
            found = [self.steps_in(p, s["out"]) for p in self.first(["b", "c"], s["out"])]
            s["roles"].pop("owner", None)
            s["roles"] |= {"owner": found[0]} if found else {}
        to = {"begin": "work", "offer": "waiting", "finish": "done", "again": "work"}.get(action)
        self.move(to) if to else None
        if action == "hold":
            s["clocks"]["s"] |= {"state": "paused", "used": self.used("s"), "paused": self.now}
        if action == "go" and s["clocks"]["s"]["state"] == "paused":
            self.resume(self.now)
        if action in ("begin", "again"):
            for key, last in LADDERS.items():
                times = s["clocks"].get(key, {"times": 0})["times"] + 1
                s["clocks"][key] = {"state": "running", "begun": self.now, "used": 0, "days": 0, "times": times}
                s["fired"] -= {f"{key}.{level}" for level in last}

    def move(self, to: str) -> None:
        s = self.s
        changed, s["state"] = s["state"] != to, to
        for asked in s["asked"]:
            if changed and asked["verdict"] == "open" and (asked["action"] == "offer" or to == "done"):
                asked["verdict"] = "lapsed"
        for task in s["tasks"]:
            task["open"] = task["open"] and to != "done"
        if to == "done":
            for key, clock in s["clocks"].items():
                used = self.used(key) if clock["state"] == "running" and key == "s" else clock["used"]
                days = clock["days"] + (self.days(clock["paused"], self.now) if clock["state"] == "paused" else 0)
                s["clocks"][key] = clock | {"state": "stopped", "used": used, "days": days}

    def vote(self, place: int, actor: str, rev: int, agree: bool) -> str | None:
        s, asked = self.s, self.s["asked"][place]
        if asked["verdict"] != "open" or not asked["since"] <= rev <= s["rev"]:
            return "decided" if asked["verdict"] != "open" else "stale"
        if actor in [voter for voter, _ in asked["votes"]]:
            return "voted"
        kin = s["out"] | self.kin(asked["by"], asked["for"])
        free = [p for p in asked["voters"] if p not in kin and p not in [who for _, who in asked["votes"]]]
        stood = [p for p in free if actor in self.deputies.get(p, [])]
        if actor in kin or not (actor in free or stood):
            return "forbidden"
        before = deepcopy(s) | {"undo": None}
        asked["votes"].append((actor, actor if actor in free else stood[0]))
        s["rev"], s["undo"] = s["rev"] + 1, None
        everybody = {who for _, who in asked["votes"]} >= set(asked["voters"])
        if agree and asked["action"] == "grant" and not everybody:
            return None
        asked["verdict"], s["settled"] = "agreed" if agree else "rejected", s["rev"]
        s["flags"] |= {"granted"} if agree and asked["action"] == "grant" else set()
        if asked["action"] == "offer":
            self.move("done" if agree else "work")
        s["undo"] = (actor, self.now + 10 * HOUR, before) if agree else None
        return None

    def finish(self, place: int, actor: str, rev: int) -> str | None:
        s, task = self.s, self.s["tasks"][place]
        if not task["open"] or not task["since"] <= rev <= s["rev"]:
            return "stale" if task["open"] else "decided"
        free = [p for p in task["who"] if p not in s["out"]]
        if actor in s["out"] or not (actor in free or any(actor in self.deputies.get(p, []) for p in free)):
            return "forbidden"
        task["open"], s["rev"], s["undo"] = False, s["rev"] + 1, None
        if not any(t["open"] for t in s["tasks"] if t["since"] == task["since"]):
            s["flags"], s["settled"] = s["flags"] | {"helped"}, s["rev"]
        return None

    def undo(self, actor: str, rev: int) -> str | None:
        if self.s["undo"] is None:
            return "nothing"
        who, until, before = self.s["undo"]
        if not self.s["settled"] <= rev <= self.s["rev"]:
            return "stale"
        if actor != who or actor in self.s["out"] or self.now > until:
            return "late" if actor == who and actor not in self.s["out"] else "forbidden"
        before |= {"rev": self.s["rev"] + 1, "settled": self.s["rev"] + 1, "undo": None}
        for asked, now in zip(before["asked"], self.s["asked"], strict=False):
            asked["since"] = before["rev"] if asked["verdict"] == "open" != now["verdict"] else asked["since"]
        before["fired"] |= self.s["fired"]
        self.s = before
        return None

    def used(self, key: str) -> int:
        clock = self.s["clocks"][key]
        return int(clock["used"] + self.now - clock["begun"])

    def days(self, start: int, end: int) -> int:
        return (end + 9 * HOUR) // 86400 - (start + 9 * HOUR) // 86400

    def resume(self, at: int) -> None:
        clock = self.s["clocks"]["s"]
        clock |= {"state": "running", "begun": at, "days": clock["days"] + self.days(clock["paused"], at)}

    def due(self, key: str) -> int | None:
        clock = self.s["clocks"].get(key, {"state": "stopped"})
        if clock["state"] == "paused":
            return int(clock["paused"] + min(2, 3 - clock["days"]) * 86400)
        left = [level for name, level in LADDERS[key].items() if f"{key}.{name}" not in self.s["fired"]]
        if clock["state"] == "stopped" or not left:
            return None
        return int(clock["begun"] + max(0, left[0][0] - clock["used"]))

    def fire(self, key: str) -> str | None:
        due = self.due(key)
        if due is None or due > self.now:
            return "early"
        self.s["rev"], self.told = self.s["rev"] + 1, {}
        if self.s["clocks"][key]["state"] == "paused":
            self.resume(due)
            return None
        found = []
        for clock, levels in LADDERS.items():
            state = self.s["clocks"][clock]
            for name, (seconds, rank, to, always) in levels.items():
                reached = state["state"] == "running" and state["begun"] + max(0, seconds - state["used"]) <= self.now
                if reached and f"{clock}.{name}" not in self.s["fired"]:
                    found.append((rank, clock, name, to, always))
        heard: set[str] = set()
        for _, clock, name, to, always in sorted(found, reverse=True):
            groups = [self.first([word], self.s["out"]) for word in to]
            people = dict.fromkeys(x for group in groups for p in group if (x := self.steps_in(p, self.s["out"])))
            self.s["fired"].add(f"{clock}.{name}")
            self.told[f"{clock}.{name}"] = [p for p in people if always or p not in heard]
            heard |= set(people)
        return None
