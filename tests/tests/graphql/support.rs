//! The sample register as of a fixed moment, and ways to ask it.

use std::sync::Arc;

use api::{
    auth::Counter,
    clock::Clock,
    graphql::{self, RequestView, Schema},
    registrar::sample,
};
use async_graphql::{Request, Variables};
use chrono::{DateTime, TimeDelta, Utc};
use journal::{MemoryJournal, SharedJournal};
use projections::{Snapshot, views_of};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

/// An item with nearly every field of the power list.
pub const ITEM: &str = "1199010040310236XL3990114001000";

/// A guide with a past revision, one in force and one upcoming.
pub const REVISED: &str = "1199010040310455XD399013100100101";

/// The guide that has everything.
pub const GUIDE: &str = "11990100403117844D399017200100001";

/// The moment as of which the sample is made: ten in the morning in China.
pub fn made() -> DateTime<Utc> {
    DateTime::from_timestamp(1_788_228_000, 0).unwrap()
}

/// A moment so many days after the sample was made.
pub fn day(days: i64) -> DateTime<Utc> {
    made() + TimeDelta::days(days)
}

/// A clock that stands at such a moment.
pub fn moment(days: i64) -> Clock {
    Arc::new(move || day(days))
}

/// A register that can be asked.
pub struct Register {
    pub journal: SharedJournal,
    pub schema: Schema,
    pub snapshot: Arc<dyn Snapshot>,
}

/// The sample register, made once.
pub async fn sample_register() -> &'static Register {
    static SAMPLE: OnceCell<Register> = OnceCell::const_new();
    SAMPLE
        .get_or_init(|| async {
            let journal: SharedJournal = Arc::new(MemoryJournal::new());
            sample::make(journal.as_ref(), made(), &|_, _| ()).await.unwrap();
            let snapshot = views_of(journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
            Register { schema: graphql::schema(journal.clone()), journal, snapshot }
        })
        .await
}

impl Register {
    /// The whole answer, errors and all, by the clock of a moment.
    pub async fn answer(&self, now: DateTime<Utc>, query: &str, variables: Value) -> Value {
        answer(&self.schema, self.snapshot.clone(), now, query, variables).await
    }

    /// The data of an answer without errors.
    pub async fn ask_at(&self, now: DateTime<Utc>, query: &str, variables: Value) -> Value {
        let mut answer = self.answer(now, query, variables).await;
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].take()
    }

    /// The same on the day on which the sample was made.
    pub async fn ask(&self, query: &str) -> Value {
        self.ask_at(made(), query, json!({})).await
    }
}

/// Asks a schema about a snapshot, at a node whose counter is open: the sample is fictional.
pub async fn answer(schema: &Schema, snapshot: Arc<dyn Snapshot>, now: DateTime<Utc>, query: &str, variables: Value) -> Value {
    let request = Request::new(query).variables(Variables::from_json(variables)).data(RequestView { snapshot, now }).data(Counter::Open);
    serde_json::to_value(schema.execute(request).await).unwrap()
}

/// Asks the sample register, as it was on the day on which it was made.
pub async fn ask(query: &str) -> Value {
    sample_register().await.ask(query).await
}

/// Everything that an item says of itself.
pub const ITEM_FIELDS: &str = "id code name mainName list type typeAsWritten level region { code name } agency { code name }
    exercisedBy undertakingOffice entrustedBy basicCode localBasicCode implementationCode localImplementationCode sequence powerSource
    authority agencyDuty legalBases { category title documentNumber promulgation article text }
    duties { stage content basis { title article } } accountability { subjects circumstances } remedies penaltyMethod levyKind
    levyReducible remark parent { code name } openness source { list edition file sheet row document date }
    revision { number effectiveFrom effectiveUntil approvedAt documentNumber contentHash }
    upcoming { repeal reason effectiveFrom replacedBy revision { number } changes { path label before after } }";

/// Everything that a guide says of itself.
pub const GUIDE_FIELDS: &str = "id code name otherNames item { code name } agency { code name } handlingCode audience topics
    topicDetails { name organisations local } caseKind statutoryLimit { amount unit note } statutoryNote
    promisedLimit { amount unit note } promisedNote conditions quantityLimit situations { code name description }
    materials { name necessity kind forms copies paper source sourceKind basis acceptance instructions blankForm sample note
        situations material { code name abolished } }
    steps { name actor limit { amount unit note } content result } specialProcedure intermediaryServices
    fees { name standard amount { fen per } basis reducible reductionBasis note } results { name kind sample }
    places { address name window hours } inServiceHall handlingForms handlingArea region { code name }
    consult { kind value note } complain { kind value note }
    online { platform url mobileUrl depth singleSignOn mobileSingleSignOn payment appointment appointmentUrl terminals }
    visits visitReason delivery jointAgencies faqs { question answer }
    legalBases { category title documentNumber promulgation article text } clerkNotes openness
    revision { number effectiveFrom effectiveUntil approvedAt documentNumber contentHash }
    upcoming { repeal reason effectiveFrom replacedBy revision { number } changes { path label before after } }
    source { list edition file sheet row document date }";
