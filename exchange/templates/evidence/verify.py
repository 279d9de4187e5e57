#!/usr/bin/env python3
"""核对证据包：只用 Python 3 标准库，不需要同源，不需要网络。
Checks this evidence with nothing but the standard library of Python 3: no Tongyuan, no network.

    python3 verify.py        # in the folder into which the ZIP was unpacked

Ends with 0 if everything holds, with 1 and what does not hold otherwise.
"""
import datetime
import hashlib
import json
import os
import sys

# What the files say for people, and what lists them, is not bound by the chain.
UNBOUND = ("report.html", "README.md", "verify.py", "MANIFEST.json", "SHA256SUMS")
HERE = os.path.dirname(os.path.abspath(__file__))
WRONG = []
DONE = []


def hold(condition, what):
    if not condition:
        WRONG.append(what)
    return condition


def read(path):
    with open(os.path.join(HERE, path), "rb") as file:
        return file.read()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def canonical(value):
    """RFC 8785. There are whole numbers only, so nothing is to be said of fractions."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return b"{" + b",".join(canonical(name) + b":" + canonical(value[name]) for name in names) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(canonical(one) for one in value) + b"]"
    if isinstance(value, float):
        raise ValueError("a number with a fraction")
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def lines(path):
    return [json.loads(line) for line in read(path).decode("utf-8").splitlines() if line]


def moment(text):
    """RFC 3339 in UTC, to the nanosecond, as a text that is ordered as time is."""
    date, rest = text.rstrip("Z").split("T")
    clock, _, fraction = rest.partition(".")
    return date + "T" + clock + "." + fraction.ljust(9, "0")


def decided(event):
    """When it was decided: before it was recorded where it was carried later to a member of a change set. What the law reckons from."""
    return event["beside"].get("decidedAt") or event["beside"]["at"]


def sums():
    listed = {}
    for line in read("SHA256SUMS").decode("utf-8").splitlines():
        digest, path = line.split("  ", 1)
        listed[path] = digest
    there = set()
    for folder, _, names in os.walk(HERE):
        if os.path.basename(folder) != "__pycache__":
            there.update(os.path.relpath(os.path.join(folder, name), HERE).replace(os.sep, "/") for name in names)
    there.discard("SHA256SUMS")
    for path in sorted(set(listed) - there):
        hold(False, "缺少文件 missing: " + path)
    for path in sorted(there - set(listed)):
        hold(False, "多出文件 not listed: " + path)
    for path in sorted(there & set(listed)):
        hold(sha256(read(path)) == listed[path], "文件被改动 changed: " + path)
    manifest = json.loads(read("MANIFEST.json"))
    for file in manifest["files"]:
        hold(listed.get(file["path"]) == file["sha256"], "清单不符 the manifest differs: " + file["path"])
    hold({file["path"] for file in manifest["files"]} == set(listed) - {"MANIFEST.json"}, "清单不全 the manifest does not list every file")
    DONE.append("文件 files %d" % len(listed))
    return manifest


def events(manifest):
    """Each event by its number: hashes, the chain, and that no number is left out."""
    if manifest["public"]:
        return {}
    all_events, chain = {}, "0" * 64
    for number, event in enumerate(lines("events.ndjson")):
        at = "%s@%d" % (event["stream"], event["version"])
        hold(event["version"] == number, "版本号不连续 a number is left out: " + at)
        hold(event["stream"] == manifest["stream"]["stream"], "属于其他事件流 of another stream: " + at)
        metadata, payload = sha256(event["metadata"].encode()), sha256(event["payload"].encode())
        hold(metadata == event["metadataSha256"], "附加信息哈希不符 hash of the metadata: " + at)
        hold(payload == event["payloadSha256"], "内容哈希不符 hash of the payload: " + at)
        parts = [event["stream"], str(event["version"]), event["id"], event["kind"], metadata, payload]
        own = sha256(("\n".join(parts) + "\n").encode())
        chain = sha256((chain + "\n" + own + "\n").encode())
        hold(own == event["sha256"], "事件哈希不符 hash of the event: " + at)
        hold(chain == event["chain"], "哈希链断开 the chain breaks: " + at)
        event["said"] = json.loads(event["payload"])
        event["beside"] = json.loads(event["metadata"])
        hold(moment(event["beside"]["at"]) <= moment(manifest["knownAt"]), "晚于所知时刻 recorded after knownAt: " + at)
        hold(moment(decided(event)) <= moment(event["beside"]["at"]), "决定晚于记录 decided after it was recorded: " + at)
        if "content" in event["said"]:
            whole = "sha256:" + sha256(canonical(event["said"]["content"]))
            hold(whole == event["said"]["contentHash"], "全文哈希不符 hash of the whole content: " + at)
        all_events[event["version"]] = event
    hold(len(all_events) == manifest["stream"]["events"], "事件数不符 the number of events differs")
    hold(chain == manifest["stream"]["lastEvent"], "末事件链值不符 the chain of the last event differs")
    said = {name: value for name, value in manifest.items() if name not in ("stream", "files")}
    bound = sorted(file["path"] for file in manifest["files"] if file["path"] not in UNBOUND)
    told = canonical(said) + b"\n" + "".join("%s  %s\n" % (sha256(read(path)), path) for path in bound).encode()
    hold(sha256((chain + "\n" + sha256(told) + "\n").encode()) == manifest["stream"]["chain"], "链末不符 the end of the chain differs")
    DONE.append("事件 events %d" % len(all_events))
    return all_events


def history(all_events, manifest):
    """What is told of each event against the event."""
    steps = lines("history.ndjson")
    for number, step in enumerate(steps):
        at = "第%d号 step %d" % (number, number)
        hold(step["version"] == number, "所述缺少事件 an event is not told: " + at)
        hold(moment(step["at"]) <= moment(manifest["knownAt"]), "晚于所知时刻 recorded after knownAt: " + at)
        if manifest["public"]:
            continue
        event = all_events.get(step["version"])
        if not hold(event is not None, "所述没有其事件 told of no event: " + at):
            continue
        verb = event["kind"].split(".")[-1]
        said = event["said"]
        hold(step["kind"] == verb or (step["kind"], verb) == ("revised", "adopted"), "事项与事件不符 what happened: " + at)
        told, kept = [(of["at"], of.get("decidedAt"), of["actor"]) for of in (step, event["beside"])]
        hold(told == kept, "时间或经办与事件不符 when or who: " + at)
        for name in ("reason", "revision", "effectiveFrom"):
            hold(step[name] is None or step[name] == said.get(name), "与事件不符 not what the event says, %s: %s" % (name, at))
    hold(manifest["public"] or len(steps) == len(all_events), "所述事件数不符 the number of what is told differs")
    return steps


def revisions(all_events, manifest):
    """What each channel was given to show: its hash, and that it is the content of the event without what must not be shown."""
    listed = json.loads(read("revisions.json"))
    contents = 0
    for revision in listed:
        at = "第%d版 revision %d" % (revision["number"], revision["number"])
        shown = {channel: read(revision[channel]) for channel in ("online", "counter") if revision[channel]}
        said = {channel: json.loads(data) for channel, data in shown.items()}
        for channel, data in shown.items():
            contents += 1
            hold(canonical(said[channel]) == data, "不是规范形式 not in canonical form: %s %s" % (at, channel))
        if "online" in shown:
            hold("sha256:" + sha256(shown["online"]) == revision["contentHash"], "线上内容哈希不符 content hash, online: " + at)
        if "counter" in shown:
            shared = {name: value for name, value in said["counter"].items() if name not in revision["counterOnly"]}
            hold("sha256:" + sha256(canonical(shared)) == revision["contentHash"], "窗口内容哈希不符 content hash, counter: " + at)
        if manifest["public"]:
            continue
        event = all_events.get(revision["event"])
        if not hold(event is not None, "没有其事件 its event is not there: " + at):
            continue
        whole = event["said"]["content"]
        hold(event["said"]["revision"] == revision["number"], "版次不符 number of the revision: " + at)
        hold(event["said"]["effectiveFrom"] == revision["effectiveFrom"], "实施时间不符 effective from: " + at)
        hold(decided(event) == revision["approvedAt"], "审签时间不符 approved at: " + at)
        withheld = whole.get("openness", {}).get("withheld", [])
        for channel, content in said.items():
            kept_back = set(withheld) | (set(revision["counterOnly"]) if channel == "online" else set())
            hold(all(whole.get(name) == value for name, value in content.items()), "所示与事件不符 not what the event says: %s %s" % (at, channel))
            hold(set(whole) - set(content) <= kept_back, "所示缺少字段 a field is not shown: %s %s" % (at, channel))
            hold(not set(content) & set(withheld), "示出不予公开的字段 a withheld field is shown: %s %s" % (at, channel))
    published = [event for event in all_events.values() if "content" in event["said"] and "revision" in event["said"]]
    hold(manifest["public"] or len(published) == len(listed), "有版本未列出 a revision is not listed")
    hold(len(listed) == manifest["revisions"], "版本数不符 the number of revisions differs")
    DONE.append("版本 revisions %d, 内容 contents %d" % (len(listed), contents))
    return {revision["number"]: revision for revision in listed}


def day_of(text):
    return datetime.date.fromisoformat(text)


def last_day(facts, trigger, count, known_by):
    """The last of so many working days after a moment, by the notices that were known; and whether that day is known at all."""
    named, arranged, rank, by_year = {}, set(), {}, {}
    for place, known in enumerate(facts["notices"]):
        if moment(known["knownFrom"]) > moment(known_by):
            continue
        notice = known["notice"]
        days = by_year.setdefault(notice["year"], {})
        if notice["extent"] == "YEAR":
            arranged.add(notice["year"])
            days.clear()
        for day in notice["days"]:
            days[day_of(day["date"])] = (place, day["off"])
    for year in sorted(by_year):
        for date, (place, off) in by_year[year].items():
            if date not in named or rank[date] < place:
                named[date], rank[date] = off, place
    day = china(trigger).date()
    while count:
        day += datetime.timedelta(days=1)
        if day in named:
            worked = not named[day]
        elif day.year in arranged:
            worked = day.weekday() < 5
        else:
            return day, False
        count -= 1 if worked else 0
    return day, True


def china(text):
    """The clock of China, without the fraction of the second."""
    return datetime.datetime.fromisoformat(text[:19]) + datetime.timedelta(hours=8)


def end_of(day):
    """24:00 in China."""
    return day.isoformat() + "T16:00:00Z"


def ends(facts, rule, start, known_by):
    """When a time ends that begins at a moment, its last day, and whether that is known; else the earliest end that it may have."""
    limit = rule["limit"]
    if "DAY_OF_YEAR" in limit:
        month, day = limit["DAY_OF_YEAR"]["month"], limit["DAY_OF_YEAR"]["day"]
        first = china(start).date()
        for year in (first.year, first.year + 1):
            after = datetime.date(year + month // 12, month % 12 + 1, 1)
            last = min(datetime.date(year, month, 1) + datetime.timedelta(days=day - 1), after - datetime.timedelta(days=1))
            if last >= first:
                return end_of(last), last, True
    ((unit, count),) = limit["WITHIN"].items()
    if unit == "WORKING_DAYS":
        day, known = last_day(facts, start, count, known_by)
        return end_of(day), day, known
    if unit == "CALENDAR_DAYS":
        day = china(start).date() + datetime.timedelta(days=count)
        return end_of(day), day, True
    if unit == "HOURS":
        at, fraction = datetime.datetime.fromisoformat(start[:19]) + datetime.timedelta(hours=count), start[19:].rstrip("Z")
        there = at + datetime.timedelta(hours=8)
        # What ends at midnight ends with the day before.
        midnight = there.time() == datetime.time() and not fraction.strip(".0")
        return at.isoformat() + fraction + "Z", there.date() - datetime.timedelta(days=1 if midnight else 0), True
    raise ValueError("不认识的时限单位 a rule that this program cannot reckon: %r" % limit)


FOR_GOOD = ("REPEALED", "ITEM_REPEALED", "SUPERSEDED")


def hidden_at(sight, now):
    """Why channels could not show it at a moment; None: they could."""
    earlier = [step for step in sight if moment(step["from"]) <= now]
    return (earlier[-1] if earlier else sight[0])["hidden"]


def clock(facts, deadline, done, known_by):
    """From when on the time ran: from when it could be shown, anew where it went out of sight before the time was over."""
    sight, chosen = deadline["sight"], None
    for place, step in enumerate(sight):
        if step["hidden"] is not None or (chosen and done and done < moment(step["from"])):
            continue
        due, day, known = ends(facts, deadline["rule"], step["from"], known_by)
        until = moment(sight[place + 1]["from"]) if place + 1 < len(sight) else None
        rests = until if until is not None and until < moment(due) else None
        chosen = {"start": step["from"], "due": due, "day": day, "known": known, "rests": rests}
        if until is not None and rests is None:
            break
    if chosen is None:
        # It was never to be shown: what it would be from the first moment.
        due, day, known = ends(facts, deadline["rule"], sight[0]["from"], known_by)
        chosen = {"start": None, "due": due, "day": day, "known": known, "rests": moment(sight[0]["from"])}
    return chosen


def doubted(receipt):
    """Whether a clock was behind: its moment lies before the publication."""
    return moment(receipt["servedAt"]) < moment(receipt["publishedAt"])


def proven(deadline, served):
    """When both channels showed it, by receipts, and the last moment of that which was seen as it came; whether no part of it is known by a wrong
    clock alone, and whether a part is told by one."""
    firsts, doubts = [], False
    for channel in ("ONLINE", "COUNTER"):
        of = []
        for receipt in served:
            at = max(moment(receipt["servedAt"]), moment(receipt["publishedAt"]))
            # What took its place stands for it.
            replaced = receipt["revision"] > deadline["revision"] and hidden_at(deadline["sight"], at) == "SUPERSEDED"
            if receipt["channel"] == channel and (receipt["revision"] == deadline["revision"] or replaced):
                of.append((doubted(receipt), at, receipt["witness"] == "FOUND"))
        if not of:
            return None
        firsts.append(min(of))
        doubts = doubts or any(doubt for doubt, _, _ in of)
    seen = [at for doubt, at, found in firsts if not found and not doubt]
    return max(at for _, at, _ in firsts), max(seen, default=None), not any(doubt for doubt, _, _ in firsts), doubts


def stands(sight, running, proof, now):
    """Where a deadline stands by the moments alone."""
    hidden = hidden_at(sight, now)
    out_of_sight = hidden and ("ENDED" if hidden in FOR_GOOD else "WAITING")
    if proof is None or proof[0] > now:
        if hidden:
            return out_of_sight
        if not running["known"]:
            return "UNKNOWN"
        return "DUE" if now < moment(running["due"]) else "OVERDUE"
    in_time = proof[0] < moment(running["due"])
    if in_time and proof[2]:
        return "FULFILLED_IN_TIME"
    if not in_time and hidden and (running["start"] is None or (running["rests"] and running["rests"] <= proof[0])):
        return out_of_sight
    if proof[3]:
        return "UNKNOWN"
    late = running["known"] and proof[1] is not None and proof[1] >= moment(running["due"])
    return "FULFILLED_LATE" if late else "UNKNOWN"


def own_hidden(number, now, events):
    """Why the entry itself could not be shown at a moment, by its events; what its item did is not among them. All that its item may leave of it is allowed."""
    known = [event for event in events if moment(decided(event)) <= now]
    published = [event["said"] for event in events if "content" in event["said"]]
    order = {said["revision"]: place for place, said in enumerate(published)}
    of = {said["revision"]: moment(said["effectiveFrom"]) for said in published}
    verb = lambda event: event["kind"].split(".")[-1]

    def hides(at):
        if any(verb(event) == "repealed" and moment(event["said"]["effectiveFrom"]) <= at for event in known):
            return "REPEALED"
        for event in known:
            if "content" in event["said"] and event["said"]["revision"] != number:
                other = event["said"]["revision"]
                if of[other] <= at and (of[other], order[other]) > (of[number], order[number]):
                    return "SUPERSEDED"
        suspended = None
        for event in known:
            if verb(event) in ("suspended", "resumed") and moment(event["said"]["effectiveFrom"]) <= at:
                suspended = event if verb(event) == "suspended" else None
        until = suspended and suspended["said"].get("until")
        return "SUSPENDED" if suspended and (until is None or at < moment(until)) else None

    begins = max(of[number], now)
    hidden = hides(begins)
    if hidden != "SUSPENDED" or begins <= now:
        return [hidden]
    # What begins later is announced with its day where it will be seen, as far as is decided.
    ends = [moment(event["said"]["until"]) for event in known if event["said"].get("until") and verb(event) == "suspended"]
    if not any(end > begins and hides(end) is None for end in ends):
        return [hidden]
    return [None, hidden] if any(event["kind"].startswith("guide.") for event in events) else [None]


def in_sight(deadline, all_events, at):
    """When channels could show it, against the events of the entry. What is said of its item is proven by the evidence of the item."""
    verbs = ("suspended", "resumed", "repealed")
    is_published = lambda said: "content" in said and "revision" in said
    bearing = [event for event in all_events.values() if is_published(event["said"]) or event["kind"].split(".")[-1] in verbs]
    moments = {moment(step["from"]) for step in deadline["sight"]}
    for event in bearing:
        told = [decided(event), event["said"]["effectiveFrom"], event["said"].get("until")]
        moments.update(moment(one) for one in told if one)
    for now in sorted(one for one in moments if one >= moment(deadline["trigger"])):
        told, own = hidden_at(deadline["sight"], now), own_hidden(deadline["revision"], now, bearing)
        of_item = ("ITEM_SUSPENDED", "ITEM_NOT_IN_FORCE", "ITEM_REPEALED")
        fits = told in own or (None in own and told in of_item) or ("SUSPENDED" in own and told == "ITEM_REPEALED")
        hold(fits, "可否展示与事件不符 when it could be shown is not what the events say: " + at)
        if told in FOR_GOOD:
            break


def calendar(manifest, listed, all_events):
    """When each deadline ended, reckoned anew from when it could be shown, the rule and the notices."""
    facts = json.loads(read("calendar.json"))
    for deadline in facts["deadlines"]:
        at = "第%d版 revision %d" % (deadline["revision"], deadline["revision"])
        revision = listed.get(deadline["revision"])
        if hold(revision is not None, "时限没有其版本 a deadline of no revision: " + at):
            hold(deadline["trigger"] == revision["approvedAt"], "起算时间不符 what the deadline begins with: " + at)
        sight = deadline["sight"]
        in_order = [moment(step["from"]) for step in sight]
        if not hold(sight and sight[0]["from"] == deadline["trigger"] and in_order == sorted(set(in_order)), "可否展示不完整 when it could be shown: " + at):
            continue
        if not manifest["public"]:
            in_sight(deadline, all_events, at)
        start = deadline["start"]
        if start is None:
            hold(deadline["due"] is None and deadline["lastDay"] is None, "未起算而有时限 due without a start: " + at)
            continue
        hold(any(step["from"] == start and step["hidden"] is None for step in sight), "起算时不可展示 it could not be shown when the time began: " + at)
        due, day, known = ends(facts, deadline["rule"], start, manifest["knownAt"])
        if known:
            hold(deadline["due"] is not None and moment(deadline["due"]) == moment(due), "时限不符 due: " + at)
            hold(deadline["lastDay"] == day.isoformat(), "最后一日不符 last day: " + at)
        else:
            hold(deadline["due"] is None, "时限本不可知 the deadline could not be known: " + at)
    DONE.append("时限 deadlines %d" % len(facts["deadlines"]))
    return facts


def standings(facts, served, manifest):
    """Where each deadline stands, told anew."""
    since, now = facts["receiptsSince"], moment(manifest["knownAt"])
    for receipt in served:
        hold(since is not None and moment(since) <= moment(receipt["recordedAt"]), "早于首份回执 a receipt from before there were any")
    for deadline in facts["deadlines"]:
        at = "第%d版 revision %d" % (deadline["revision"], deadline["revision"])
        sight, proof = deadline["sight"], proven(deadline, served)
        running = clock(facts, deadline, proof and proof[0], manifest["knownAt"])
        resting = running["start"] is None or (running["rests"] and sight[-1]["hidden"] not in FOR_GOOD)
        # Of the time before there were receipts only what they prove is said.
        proves = stands(sight, running, proof, "9999") in ("FULFILLED_IN_TIME", "FULFILLED_LATE")
        of_no_account = not resting and running["known"] and moment(running["due"]) <= (moment(since) if since else now) and not proves
        status = "UNKNOWN" if of_no_account else stands(sight, running, proof, now)
        hold(deadline["status"] == status, "状态与回执不符 the status is not that of the receipts: " + at)
        if not of_no_account:
            waits = status == "WAITING" and running["rests"] and running["rests"] <= now
            hold(deadline["start"] == (None if waits else running["start"]), "起算时间不符 from when on the time ran: " + at)


def receipts(listed, facts, manifest):
    """Each receipt against its revision, and against the calendar as it was known when the receipt was written."""
    rules = {deadline["revision"]: deadline for deadline in facts["deadlines"]}
    all_receipts, seen = lines("receipts.ndjson"), set()
    for receipt in all_receipts:
        at = "第%d版 revision %d %s" % (receipt["revision"], receipt["revision"], receipt["channel"])
        revision = listed.get(receipt["revision"])
        if not hold(revision is not None, "回执没有其版本 a receipt of no revision: " + at):
            continue
        hold((receipt["channel"], receipt["revision"]) not in seen, "回执重复 a second receipt: " + at)
        seen.add((receipt["channel"], receipt["revision"]))
        hold(receipt["contentHash"] == revision["contentHash"], "回执哈希不符 hash of the receipt: " + at)
        hold(receipt["publishedAt"] == revision["approvedAt"], "审签时间不符 approved at: " + at)
        # Before it was published: a clock was behind, and nobody can say.
        # No rule was in force when it was published: neither in time nor late.
        ruled = receipt["dueAt"] is not None
        in_time = ruled and moment(receipt["publishedAt"]) <= moment(receipt["servedAt"]) < moment(receipt["dueAt"])
        hold(moment(receipt["recordedAt"]) <= moment(manifest["knownAt"]), "晚于所知时刻 recorded after knownAt: " + at)
        hold(in_time == (receipt["standing"] == "IN_TIME"), "按时与否不符 in time or late: " + at)
        hold(not doubted(receipt) or receipt["standing"] == "UNKNOWN", "时钟有误而称已知 said of a clock that was wrong: " + at)
        hold(receipt["standing"] != "LATE" or receipt["witness"] == "COMMIT", "查见不能证明逾期 what was found does not prove that it was late: " + at)
        deadline, begins = rules.get(receipt["revision"]), receipt["beginsAt"]
        hold(ruled or (receipt["standing"] == "UNKNOWN" and begins is None), "并无规定而称按时或逾期 in time or late by no rule: " + at)
        hold(ruled or deadline is None, "有规定而称并无规定 a rule there is, and the receipt says none: " + at)
        if deadline is None or not ruled:
            continue
        shown = [step["from"] for step in deadline["sight"] if step["hidden"] is None]
        hold(begins is None or begins in shown, "起算时不可展示 it could not be shown when the time began: " + at)
        due, _, known = ends(facts, deadline["rule"], begins or receipt["publishedAt"], receipt["recordedAt"])
        hold(moment(receipt["dueAt"]) == moment(due), "时限不符 due: " + at)
        hold(known or receipt["standing"] != "LATE", "本不可知是否逾期 nobody could know that it was late: " + at)
    hold(len(all_receipts) == manifest["receipts"], "回执数不符 the number of receipts differs")
    DONE.append("回执 receipts %d" % len(all_receipts))
    return all_receipts


def main():
    try:
        manifest = sums()
        all_events = events(manifest)
        listed = revisions(all_events, manifest)
        history(all_events, manifest)
        facts = calendar(manifest, listed, all_events)
        standings(facts, receipts(listed, facts, manifest), manifest)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        hold(False, "无法读取 cannot be read: %r" % error)
    for what in WRONG:
        print("不符 WRONG " + what)
    if not WRONG:
        print("相符 OK " + "；".join(DONE))
    return 1 if WRONG else 0


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.exit(main())
