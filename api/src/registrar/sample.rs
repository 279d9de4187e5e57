//! The sample register: a fictional prefecture-level city, with revisions in force, upcoming and repealed entries.

use chrono::{DateTime, Duration, NaiveTime, SubsecRound, Utc};
use domain::{
    codec::Registered,
    entry::{Adopt, Command, Repeal, Source},
    envelope::{ActorId, Code},
    register::{Agency, CatalogueEntry, Guide, Item, Material, Register},
};
use journal::{Journal, StoreError};
use serde::{Deserialize, de::DeserializeOwned};

use super::{Acted, RegistrarError, act, command_id};

/// Who makes the sample register. A register whose first event is by somebody else is never mixed with it.
pub const ACTOR: &str = "demo";

const FILES: [(Register, &str); 5] = [
    (Register::Agency, include_str!("../../sample/agencies.json")),
    (Register::Item, include_str!("../../sample/items.json")),
    (Register::Material, include_str!("../../sample/materials.json")),
    (Register::Guide, include_str!("../../sample/guides.json")),
    (Register::Openness, include_str!("../../sample/catalogue.json")),
];

/// Something that was done in the city, at a time before or after the sample register is made.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Act<C> {
    code: Code,
    /// Days from now, usually negative.
    at: f64,
    adopt: Option<C>,
    repeal: Option<RepealOf>,
    /// Days from now.
    effective_from: Option<f64>,
    source: Option<Source>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RepealOf {
    reason: String,
    document: Option<String>,
    replaced_by: Option<Code>,
}

/// An act of any register, ready to be done.
struct Step {
    at: DateTime<Utc>,
    register: Register,
    number: usize,
    code: Code,
    command: AnyCommand,
}

enum AnyCommand {
    Agency(Command<Agency>),
    Item(Command<Item>),
    Guide(Command<Guide>),
    Material(Command<Material>),
    CatalogueEntry(Command<CatalogueEntry>),
}

/// Why the sample register cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// A file of the sample cannot be read: a fault of this build.
    #[error("示例中的{zh}不能读取，是本程序的错误 / the sample of register {0} cannot be read, a fault of this build", zh = .0.zh())]
    File(Register, #[source] serde_json::Error),
    /// The journal holds another register.
    #[error(
        "该日志已有其他登记册；请用 --data 为示例另选文件夹 / the journal holds a register that is not the sample: choose another folder for it with --data"
    )]
    Other,
    /// The journal cannot be read.
    #[error("不能读取日志 / the journal cannot be read")]
    Journal(#[from] StoreError),
    /// An act could not be done.
    #[error("示例中的{zh} {code} 未能保存 / {register} {code} of the sample could not be kept", zh = .register.zh())]
    Act {
        /// The register.
        register: Register,
        /// The code.
        code: Code,
        /// Why.
        #[source]
        source: RegistrarError,
    },
    /// An act was refused: a fault of this build.
    #[error("示例中的{zh} {code} 被拒绝 / {register} {code} of the sample was refused: {refusal}", zh = .register.zh())]
    Refused {
        /// The register.
        register: Register,
        /// The code.
        code: Code,
        /// Why.
        refusal: String,
    },
}

/// Makes the sample register in an empty journal, as of a moment. In a journal that holds the sample already, whole or in part,
/// it adds what is missing. Returns the number of acts, and how many of them were done now.
pub async fn make(journal: &dyn Journal, now: DateTime<Utc>, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<(u64, u64), SampleError> {
    let now = begun(journal).await?.unwrap_or(now);
    let steps = steps(now)?;
    let (total, mut done) = (steps.len() as u64, 0);
    for (i, step) in (1..).zip(steps) {
        let Step { at, register, number, code, command } = step;
        let outcome = match command {
            AnyCommand::Agency(command) => one(journal, &code, number, at, command).await,
            AnyCommand::Item(command) => one(journal, &code, number, at, command).await,
            AnyCommand::Guide(command) => one(journal, &code, number, at, command).await,
            AnyCommand::Material(command) => one(journal, &code, number, at, command).await,
            AnyCommand::CatalogueEntry(command) => one(journal, &code, number, at, command).await,
        };
        match outcome.map_err(|source| SampleError::Act { register, code: code.clone(), source })? {
            Acted::Refused(refusal) => return Err(SampleError::Refused { register, code, refusal: refusal.to_string() }),
            Acted::Unchanged | Acted::Collected(_) => {}
            Acted::Adopted | Acted::Revised | Acted::Repealed | Acted::Done => done += 1,
        }
        progress(i, total);
    }
    Ok((total, done))
}

/// The moment as of which the journal's sample was made, told by its first event; `None` for an empty journal.
async fn begun(journal: &dyn Journal) -> Result<Option<DateTime<Utc>>, SampleError> {
    let page = journal.read_all(None, 1).await?;
    let Some(first) = page.events.first() else { return Ok(None) };
    let metadata = domain::codec::decode_metadata(&first.metadata).map_err(|_| SampleError::Other)?;
    if metadata.actor.as_str() != ACTOR {
        return Err(SampleError::Other);
    }
    // The first act of the sample is its earliest one.
    let earliest = read::<Agency>(Register::Agency)?.iter().map(|act| act.at).fold(f64::INFINITY, f64::min);
    Ok(Some(metadata.at - days(earliest)))
}

fn steps(now: DateTime<Utc>) -> Result<Vec<Step>, SampleError> {
    let mut steps = Vec::new();
    add::<Agency>(&mut steps, now, AnyCommand::Agency)?;
    add::<Item>(&mut steps, now, AnyCommand::Item)?;
    add::<Material>(&mut steps, now, AnyCommand::Material)?;
    add::<Guide>(&mut steps, now, AnyCommand::Guide)?;
    add::<CatalogueEntry>(&mut steps, now, AnyCommand::CatalogueEntry)?;
    let place = |register| Register::ALL.iter().position(|r| *r == register);
    steps.sort_by_key(|step| (step.at, place(step.register), step.number));
    Ok(steps)
}

fn add<C: Registered>(steps: &mut Vec<Step>, now: DateTime<Utc>, wrap: impl Fn(Command<C>) -> AnyCommand) -> Result<(), SampleError> {
    for (number, act) in read::<C>(C::REGISTER)?.into_iter().enumerate() {
        let at = now + days(act.at);
        let effective_from = act.effective_from.map(|offset| midnight(now + days(offset)));
        let command = match (act.adopt, act.repeal) {
            (Some(content), _) => Command::from(Adopt { content, source: act.source.unwrap_or_default(), effective_from }),
            (None, Some(RepealOf { reason, document, replaced_by })) => {
                Command::from(Repeal { effective_from, reason, document, replaced_by, reform: None })
            }
            (None, None) => continue,
        };
        steps.push(Step { at, register: C::REGISTER, number, code: act.code, command: wrap(command) });
    }
    Ok(())
}

fn read<C: DeserializeOwned>(register: Register) -> Result<Vec<Act<C>>, SampleError> {
    let text = FILES.iter().find(|(r, _)| *r == register).map_or("[]", |(_, text)| text);
    serde_json::from_str(text).map_err(|error| SampleError::File(register, error))
}

async fn one<C: Registered>(
    journal: &dyn Journal,
    code: &Code,
    number: usize,
    at: DateTime<Utc>,
    command: Command<C>,
) -> Result<Acted, RegistrarError> {
    // The same act has the same command id in every run: a second run is answered as the first.
    let id = command_id(&["sample", C::REGISTER.word(), code.as_str(), &number.to_string()]);
    act(journal, code, command, id, &ActorId::new(ACTOR), at).await
}

#[expect(clippy::cast_possible_truncation, reason = "the offsets of the sample are a few hundred days")]
fn days(offset: f64) -> Duration {
    Duration::seconds((offset * 86_400.0) as i64)
}

/// The first moment of a day by the clocks of China: lists and guides take effect with a day.
fn midnight(at: DateTime<Utc>) -> DateTime<Utc> {
    const CHINA: Duration = Duration::hours(8);
    let day = (at + CHINA).date_naive().and_time(NaiveTime::MIN);
    day.and_utc() - CHINA
}

/// The moment as of which a sample is made: whole seconds, so that it can be told again from the first event.
pub fn as_of(now: DateTime<Utc>) -> DateTime<Utc> {
    now.trunc_subsecs(0)
}
