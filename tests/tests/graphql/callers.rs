//! Callers, and a register that they change by the schema alone.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use api::{
    auth::{Caller, Grant, Office, testing},
    graphql::{self, RequestView, Schema, Written},
    registrar::change::Desk,
};
use async_graphql::{Request, Variables};
use chrono::{DateTime, Utc};
use domain::acting::{Role, Scope};
use journal::{MemoryJournal, SharedJournal};
use projections::{MemoryViews, Runner, ViewStore};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::{desk::code, refusals, support::made};

/// The content that `draft` takes in a register, and who answers for it.
pub const REGISTERS: [&str; 5] = ["AGENCY", "ITEM", "GUIDE", "MATERIAL", "OPENNESS"];

/// A content of a register, with a name.
pub fn content(register: &str, name: &str) -> Value {
    match register {
        "ITEM" => json!({ "name": name, "type": "PERMISSION", "agency": "A1" }),
        "GUIDE" => json!({
            "name": name, "item": "A1-I1", "agency": "A1", "results": [{ "name": "证", "kind": "CERTIFICATE" }],
            "consult": [{ "kind": "PHONE", "value": "12345" }], "complain": [{ "kind": "PHONE", "value": "12388" }],
        }),
        "OPENNESS" => json!({
            "name": name, "agency": "A1", "elements": "名单", "timeLimit": { "text": "实时公开", "pace": "REAL_TIME" },
            "carriers": ["WEBSITE"], "openTo": ["EVERYONE"], "manner": ["ACTIVE"], "levels": ["CITY"], "attribute": "ACTIVE",
        }),
        _ => json!({ "name": name }),
    }
}

/// The agency that answers for what [`content`] makes; `None`: the city.
pub fn answers(register: &str) -> Option<&'static str> {
    matches!(register, "ITEM" | "GUIDE" | "OPENNESS").then_some("A1")
}

pub fn office(office: Office, agency: Option<&str>) -> Grant {
    Grant { office, scope: agency.map_or(Scope::City, |agency| Scope::Agency(code(agency))) }
}

pub fn grant(role: Role, agency: Option<&str>) -> Grant {
    office(Office::Change(role), agency)
}

/// Somebody whose token was verified.
pub fn caller(account: &str, person: &str, grants: Vec<Grant>) -> Arc<Caller> {
    Arc::new(testing::caller(account, person, grants).unwrap())
}

/// Somebody with one role, for whoever answers for a register.
pub fn one(person: &str, role: Role, register: &str) -> Arc<Caller> {
    caller(&format!("account-{person}"), person, vec![grant(role, answers(register))])
}

/// A register in memory and its schema.
pub struct Bureau {
    pub journal: SharedJournal,
    pub schema: Schema,
    pub now: DateTime<Utc>,
    views: Arc<MemoryViews>,
    /// Held while it projects: requests are sent at once.
    projecting: Mutex<()>,
    ids: AtomicU64,
}

impl Bureau {
    pub fn new() -> Self {
        Self::over(Arc::new(MemoryJournal::new()))
    }

    /// A schema of its own over a journal, as another node or a later start has it.
    pub fn over(journal: SharedJournal) -> Self {
        Self::of(Desk::new(journal))
    }

    pub fn of(desk: Desk) -> Self {
        let journal = desk.journal.clone();
        Self {
            schema: graphql::schema_of(desk),
            journal,
            now: made(),
            views: Arc::default(),
            projecting: Mutex::default(),
            ids: AtomicU64::new(1 << 32),
        }
    }

    /// An id that no command had.
    pub fn id(&self) -> String {
        Uuid::from_u128(self.ids.fetch_add(1, Ordering::Relaxed).into()).to_string()
    }

    /// The whole answer to a request of somebody.
    pub async fn answer(&self, who: Option<&Arc<Caller>>, query: &str, variables: Value) -> Value {
        let projecting = self.projecting.lock().await;
        Runner::new(self.journal.clone(), self.views.clone()).catch_up(&|_| ()).await.unwrap();
        drop(projecting);
        let view = RequestView { snapshot: self.views.snapshot().await.unwrap(), now: self.now };
        let mut request = Request::new(query).variables(Variables::from_json(variables)).data(view).data(Arc::new(Written::default()));
        if let Some(caller) = who {
            request = request.data(caller.clone());
        }
        let answer = serde_json::to_value(self.schema.execute(request).await).unwrap();
        refusals::hold(query, &answer);
        answer
    }

    /// The answer to a command: its payload, or `{ "error": code }`.
    pub async fn give(&self, who: Option<&Arc<Caller>>, verb: &str, input: Value) -> Value {
        let mut answer = self.answer(who, &mutation(verb), json!({ "input": input })).await;
        match answer["errors"][0]["extensions"]["code"].as_str() {
            Some(code) => json!({ "error": code, "message": answer["errors"][0]["message"] }),
            None if answer.get("errors").is_some() => panic!("{verb}: {answer:#}"),
            None => answer["data"]["payload"].take(),
        }
    }

    /// A command that is expected to be carried out.
    pub async fn applies(&self, who: &Arc<Caller>, verb: &str, input: Value) -> Value {
        let payload = self.give(Some(who), verb, input).await;
        assert_eq!(payload["status"], "APPLIED", "{verb}: {payload:#}");
        payload
    }

    /// The input of a command to an entry at a version, and what the verb needs beside.
    pub fn input(&self, register: &str, code: &str, version: &Value, more: Value) -> Value {
        let mut input = json!({ "commandId": self.id(), "register": register, "code": code, "expectedVersion": version });
        if let Value::Object(more) = more {
            input.as_object_mut().unwrap().extend(more);
        }
        input
    }

    /// Takes a content so many steps: 1 drafted, 2 submitted, 3 reviewed, 4 approved. Three persons do it.
    pub async fn carry(&self, register: &str, code: &str, name: &str, steps: usize) -> Value {
        let [drafter, reviewer, approver] =
            [("p-d", Role::Drafter), ("p-r", Role::Reviewer), ("p-a", Role::Approver)].map(|(person, role)| one(person, role, register));
        let draft = json!({ "commandId": self.id(), "register": register, "code": code, "content": content(register, name) });
        let mut payload = self.applies(&drafter, "draft", draft).await;
        let hash = payload["entry"]["draft"]["contentHash"].clone();
        let further = [
            (&drafter, "submit", json!({})),
            (&reviewer, "review", json!({ "contentHash": hash })),
            (&approver, "approve", json!({ "contentHash": hash, "documentNumber": "某政发〔2026〕1号" })),
        ];
        for (who, verb, more) in further.into_iter().take(steps - 1) {
            let input = self.input(register, code, &payload["entry"]["streamVersion"], more);
            payload = self.applies(who, verb, input).await;
        }
        payload
    }
}

/// The query of a verb: all of the payload.
fn mutation(verb: &str) -> String {
    let input = match verb {
        "submit" | "resume" => "Step".to_owned(),
        "return" | "withdraw" | "suspend" => "Reason".to_owned(),
        other => format!("{}{}", other[..1].to_uppercase(), &other[1..]),
    };
    format!(
        "mutation ($input: {input}Input!) {{ payload: {verb}(input: $input) {{ status position
            entry {{ code name stage streamVersion draft {{ step content contentHash basedOn drafters reviewer returned }}
                reviewsOwed {{ revision contentHash reason }} revisions(first: 9) {{ totalCount }} }}
            refusal {{ code message messageEn field rule }} conflict {{ actualVersion message messageEn changes {{ kind actor {{ id }} }} }} }} }}"
    )
}

/// What became of a command in one word.
pub fn word(payload: &Value) -> String {
    let of = |value: &Value| value.as_str().map(str::to_owned);
    of(&payload["error"]).or_else(|| of(&payload["refusal"]["code"])).or_else(|| of(&payload["status"])).unwrap()
}
