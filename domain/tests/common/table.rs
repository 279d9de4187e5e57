//! What every verb leads to from wherever an entry stands. The tests go through it cell by cell, and `docs/lifecycle.md` is written
//! from it (`make schema`).

use std::fmt::Write as _;

use domain::{
    acting::Role,
    changeset,
    entry::{RefusalKind, Stage, Step},
    refusal::Kind as _,
};

/// Where an entry stands: for everybody, and with its draft.
pub type Situation = (Stage, Option<Step>);

/// The places of a draft, in the order of the columns.
pub const STEPS: [Option<Step>; 5] = [None, Some(Step::Draft), Some(Step::Returned), Some(Step::Submitted), Some(Step::Reviewed)];

/// It is so already: nothing happens.
pub const SO: &str = "=";

/// What a verb leads to: the verb of an event, [`SO`], or the code of a refusal; by stage, and within it by step. A repeal ends
/// drafts, so a repealed entry stands at one place only.
pub struct Row {
    pub verb: &'static str,
    pub who: &'static [Role],
    pub absent: [&'static str; 5],
    pub published: [&'static str; 5],
    pub suspended: [&'static str; 5],
    pub repealed: &'static str,
}

const NOT_FOUND: [&str; 5] = ["ENTRY_NOT_FOUND"; 5];
const OF_LIST: [&str; 5] = ["adopted", "KEPT_HERE", "KEPT_HERE", "KEPT_HERE", "KEPT_HERE"];

/// A row in which it makes no difference whether anything is published.
const fn of_draft(verb: &'static str, who: &'static [Role], cells: [&'static str; 5]) -> Row {
    Row { verb, who, absent: cells, published: cells, suspended: cells, repealed: "ENTRY_REPEALED" }
}

/// A row in which the draft makes no difference.
const fn of_entry(verb: &'static str, published: &'static str, suspended: &'static str, repealed: &'static str) -> Row {
    Row { verb, who: &[Role::Approver], absent: NOT_FOUND, published: [published; 5], suspended: [suspended; 5], repealed }
}

use Role::{Approver, Drafter, Reviewer};

/// The table.
#[rustfmt::skip]
pub const TABLE: [Row; 13] = [
    //                                        no draft    draft            returned         submitted       reviewed
    of_draft("adopt",    &[],                OF_LIST),
    of_draft("draft",    &[Drafter],            ["drafted",  "DRAFT_EXISTS",  "DRAFT_EXISTS",  "DRAFT_EXISTS", "DRAFT_EXISTS"]),
    of_draft("revise",   &[Drafter],            ["NO_DRAFT", "redrafted",     "redrafted",     "UNDER_REVIEW", "UNDER_REVIEW"]),
    of_draft("submit",   &[Drafter],            ["NO_DRAFT", "submitted",     "submitted",     SO,             SO]),
    of_draft("review",   &[Reviewer],           ["NO_DRAFT", "NOT_SUBMITTED", "NOT_SUBMITTED", "reviewed",     SO]),
    of_draft("approve",  &[Approver],           ["NO_DRAFT", "NOT_SUBMITTED", "NOT_SUBMITTED", "NOT_REVIEWED", "approved"]),
    of_draft("return",   &[Reviewer, Approver], ["NO_DRAFT", "NOT_SUBMITTED", "NOT_SUBMITTED", "returned",     "returned"]),
    of_draft("withdraw", &[Drafter],            ["NO_DRAFT", "withdrawn",     "withdrawn",     "withdrawn",    "withdrawn"]),
    //                   published    suspended            repealed
    of_entry("suspend",  "suspended", "ALREADY_SUSPENDED", "ENTRY_REPEALED"),
    of_entry("resume",   SO,          "resumed",           "ENTRY_REPEALED"),
    of_entry("repeal",   "repealed",  "repealed",          "ALREADY_REPEALED"),
    of_entry("correct",  "corrected", "corrected",         "ENTRY_REPEALED"),
    of_entry("transfer", "transferred", "transferred",     "ENTRY_REPEALED"),
];

impl Row {
    /// The cell of a situation.
    pub fn cell(&self, (stage, step): Situation) -> &'static str {
        let column = STEPS.iter().position(|s| *s == step).unwrap_or(0);
        match stage {
            Stage::Absent => self.absent[column],
            Stage::Published => self.published[column],
            Stage::Suspended => self.suspended[column],
            Stage::Repealed => self.repealed,
        }
    }
}

/// Every place at which an entry can stand.
pub fn situations() -> Vec<Situation> {
    let with_draft = [Stage::Absent, Stage::Published, Stage::Suspended].into_iter().flat_map(|stage| STEPS.map(|step| (stage, step)));
    with_draft.chain([(Stage::Repealed, None)]).collect()
}

/// Where an event leads.
pub fn after((stage, step): Situation, event: &str) -> Situation {
    match event {
        "adopted" if stage == Stage::Absent => (Stage::Published, step),
        "drafted" | "redrafted" => (stage, Some(Step::Draft)),
        "submitted" => (stage, Some(Step::Submitted)),
        "reviewed" => (stage, Some(Step::Reviewed)),
        "returned" => (stage, Some(Step::Returned)),
        "approved" if stage == Stage::Absent => (Stage::Published, None),
        "approved" | "withdrawn" => (stage, None),
        "suspended" => (Stage::Suspended, step),
        "resumed" => (Stage::Published, step),
        "repealed" => (Stage::Repealed, None),
        _ => (stage, step),
    }
}

fn stage_word(stage: Stage) -> &'static str {
    match stage {
        Stage::Absent => "absent",
        Stage::Published => "published",
        Stage::Suspended => "suspended",
        Stage::Repealed => "repealed",
    }
}

fn step_word(step: Option<Step>) -> &'static str {
    match step {
        None => "no draft",
        Some(Step::Draft) => "draft",
        Some(Step::Returned) => "returned",
        Some(Step::Submitted) => "submitted",
        Some(Step::Reviewed) => "reviewed",
    }
}

fn told(situation: Situation, cell: &str) -> String {
    if cell == SO {
        return "already so".to_owned();
    }
    if cell.bytes().all(|b| b.is_ascii_uppercase() || b == b'_') {
        return format!("`{cell}`");
    }
    let (stage, step) = after(situation, cell);
    let mut parts = Vec::new();
    if stage != situation.0 {
        parts.push(stage_word(stage));
    }
    if step != situation.1 {
        parts.push(step_word(step));
    }
    if parts.is_empty() { format!("**{cell}**") } else { format!("**{cell}** → {}", parts.join(", ")) }
}

const HEAD: &str = "\
# The lifecycle

Made by `make schema` from the table in `domain/tests/common/table.rs`, which the tests go through cell by cell. Do not edit.

An entry stands at a *stage*, which everybody may know, and its draft, if there is one, at a *step*, which nobody outside may know
(Art. 7). A cell says which event a verb leads to and where the entry stands then, or that it is so already, or the code of the
refusal. The verb is given by the right person in the right role, on what the draft says now; whoever gives it otherwise is refused as the end of this page says.
";

/// What the register refuses before a lifecycle is asked. The tests of the register hold its words against this list.
const REFUSALS: &str = "
## Refusals

`rule` is the article behind a refusal, or `register` where it is none. `field` is the part of the input that it is about, as a path as it was written: `input.code`,
`input.content.fees[0].standard`; the table names the part where nothing more exact is said. Where a draft is passed on, and no content is given, it is
`draft.content.fees[0].standard`; of a set it is `members`, and each member is told with a path in it. It is null where the refusal is about who asks.
Whoever holds no office for what they ask has no refusal and the error `FORBIDDEN`; its `extensions.rule` is the article that says who does it. A
code that is none, or another part of the input that cannot be read, is the error `BAD_REQUEST` with `extensions.field`.

| code | rule | about |
|---|---|---|
";

const BESIDE: &str = "
Beside the lifecycle of one entry: how a command is asked, and change sets, whose other refusals have the codes above.

| code | rule | about |
|---|---|---|
| `COMMAND_ID_USED` | register | `commandId` |
| `CODE_NOT_OWN` | register | `code` |
| `TOO_MANY_DRAFTS` | register | who asks |
| `SUCCESSOR_UNKNOWN` | register | `replacedBy` |
| `CHANGE_SET_OPEN` | register | `code` |
| `MEMBERS_REFUSED` | Art. 8(1) | `members` |
| `MEMBER_ELSEWHERE` | Art. 8(1) | `code` |
| `DONE_SINGLY` | Art. 8(1) | `code` |
| `MEMBER_OF_SET` | Art. 8(1) | `code` |
| `MEMBER_OF_DECIDED_SET` | Art. 8(1) | `code` |
| `AGENCY_NOT_FOUND` | register | `agency` |
| `MATERIAL_NOT_FOUND` | register | `material` |
| `MATERIAL_NOT_ABOLISHED` | Art. 5(2) | `material` |
";

const TAIL: &str = "\
## Beside the table

- `adopt` is by the import of a list in force, with no person; all others are by a person in the role named.
- Whoever drafted, revised or submitted a draft, who reviews and who approves it are three different persons (Art. 8(1)): `SAME_PERSON`. Two accounts of one person are one person, and so are two ids that differ only by case.
- `review` and `approve` name the hash of the content that was looked at: `CONTENT_CHANGED`.
- A draft follows the revision that was the latest when it was written: `DRAFT_OUTDATED` if something was published since.
- `correct` is of what is public: where what is in force reaches no channel (Art. 8(1)), or where more would be shown than before, an attribute that is
  less closed or a field that is withheld no longer, it is refused (`NOT_URGENT`, Art. 7). To show less is urgent. Nor does it abolish a proof, which three persons decide (`NOT_URGENT`, Art. 5(2)); why one is abolished is corrected. `correct` publishes at once and leaves a review owed. `review` with the number of the revision pays it, by somebody else than who corrected.
- A content is replaced whole, so what is corrected stays corrected only until an upcoming revision takes effect that was published before and says the old again. `correct` carries the correction into none of them: each is corrected for its own day, with its `effectiveFrom`. Until then the finding
  `CORRECTION_UNDONE` names field and day, in the answer of `correct`, in `Entry.findings` and by `tongyuan check`. What a reform makes of an entry follows a correction by itself, see below.
- The list of abolished proofs is public and stays so (Art. 5(2)): what is abolished, or announced to be, is neither suspended nor repealed, by nobody; once it is abolished, a correction or a list brings
  it not back, hides it not, and takes no name from it; nothing is abolished that is suspended, about to cease or not public (`ABOLISHED_STAYS`). Three persons may bring a proof back, by a draft that names the law on which asking for it rests.
- A decision names its document and gives its reason: where one of them is missing, `CONTENT_INCOMPLETE` (of a set `CHANGE_SET_INCOMPLETE`) is by Art. 7. Both are public for ever, and hold no mobile number, no identity number and no
  address of mail (`PERSONAL_DATA`). A name is one line (`CONTENT_INVALID`).
- A draft that a change set with the reviewer or the approver carries is not reviewed, approved or returned by itself (`MEMBER_OF_SET`); it may be withdrawn and written anew.
- A member of a change set that was approved or withdrawn, and which that has not reached yet, is suspended, resumed, and its owed reviews are paid; everything else waits (`MEMBER_OF_DECIDED_SET`).
- A repeal may be announced: until it takes effect the entry is in force, stands at *published* or *suspended* for whoever asks, and `suspend`, `resume` and `correct` are still
  accepted; the tables above count it from when it is decided. No verb takes an announced repeal back. It is by whoever answers for the entry when it ceases. A person repeals
  nothing for a time that is past (`EFFECTIVE_IN_PAST`); a list may. A person may end an entry before a revision that is announced, which then never
  holds; a list, which says nothing of it, may not (`EFFECTIVE_TOO_EARLY`).
- Nothing begins or ends more than ten years after it is decided (`EFFECTIVE_TOO_LATE`): with a mistyped year no revision could follow it.
- `return` of a change set takes its members back wherever they are on their way, also by an approver those that a review did not reach.
- `transfer` is by the approver of the city, or by the command line of the register, and by no agency: `OUTSIDE_AGENCY` (Art. 5(1)). It publishes
  one revision for the day of the reform and one for each that is upcoming after it. What another agency answers for is refused (`NOT_OF_AGENCY`).
- Until the day of a reform the agency that hands over suspends, resumes, repeals and corrects what is in force; the draft of what comes after, and its
  repeal from the day on, belong to the one that takes it on. What is corrected, or taken over from a list, before the day is not undone on the day: a
  further **transferred** says what the reform makes of it. What is taken over from a list and moves the entry elsewhere is refused (`NOT_OF_AGENCY`).
- `correct` moves no entry to another agency, whoever gives it (`AGENCY_MOVED`): it moves by a draft that the city approves, or by a reform (Art. 5(1)).
- Lists that still name the old agency follow the reform, and those that name the successor before the day do not bring it forward.
- `suspend` of what is suspended already for the same reason and time is answered as done; with others it is refused (`ALREADY_SUSPENDED`).
- A suspension that has run out (`until`) is none: the entry stands at *published*.
- What is announced is only what will be shown, as far as is decided: a revision that is upcoming under a suspension without an end is announced once somebody resumes. `Entry.suspension` tells the suspension, `RevisionRecord.neverHolds` a revision that was overtaken before it began.
";

/// The page.
pub fn markdown() -> String {
    let mut page = HEAD.to_owned();
    for stage in [Stage::Absent, Stage::Published, Stage::Suspended] {
        let _ = writeln!(page, "\n## Stage: {}\n", stage_word(stage));
        let _ = writeln!(page, "| verb | {} |\n|---|---|---|---|---|---|", STEPS.map(step_word).join(" | "));
        for row in &TABLE {
            let cells = STEPS.map(|step| told((stage, step), row.cell((stage, step))));
            let _ = writeln!(page, "| {} | {} |", row.verb, cells.join(" | "));
        }
    }
    page += "\n## Stage: repealed\n\n| verb | no draft |\n|---|---|\n";
    for row in &TABLE {
        let _ = writeln!(page, "| {} | {} |", row.verb, told((Stage::Repealed, None), row.repealed));
    }
    page += "\n## Who\n\n| verb | role |\n|---|---|\n";
    for row in &TABLE {
        let roles: Vec<_> = row.who.iter().map(|role| format!("{} {}", role.en(), role.zh())).collect();
        let _ =
            writeln!(page, "| {} | {} |", row.verb, if roles.is_empty() { "the import of a list".to_owned() } else { roles.join(", ") });
    }
    page += "\n";
    page += TAIL;
    page += REFUSALS;
    for kind in RefusalKind::ALL {
        let _ = writeln!(page, "| `{}` | {} | {} |", kind.code(), kind.rule(), about(kind.part()));
    }
    page += BESIDE;
    for kind in changeset::RefusalKind::ALL {
        if RefusalKind::ALL.iter().all(|of_entry| of_entry.code() != kind.code()) {
            let _ = writeln!(page, "| `{}` | {} | {} |", kind.code(), kind.rule(), about(kind.part()));
        }
    }
    page
}

fn about(part: Option<&str>) -> String {
    part.map_or_else(|| "who asks".to_owned(), |part| format!("`{part}`"))
}
