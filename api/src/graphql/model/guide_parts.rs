use async_graphql::{ComplexObject, SimpleObject};
use domain::{
    register as source,
    value::{has_other_scheme, is_web_address},
};

use super::{
    super::{enums, scope::Scope},
    Material, Money, Shown, TimeLimit,
};
use std::sync::Arc;

/// A situation 情形 of the applicant, on which materials depend.
#[derive(SimpleObject, Debug)]
pub struct Situation<'a> {
    /// Short code within the guide, by which materials refer to it.
    pub code: &'a str,
    /// What the clerk asks.
    pub name: &'a str,
    /// More words where the name does not say it.
    pub description: Option<&'a str>,
}

impl<'a> From<&'a source::Situation> for Situation<'a> {
    fn from(situation: &'a source::Situation) -> Self {
        Self { code: &situation.code, name: &situation.name, description: situation.description.as_deref() }
    }
}

/// A material that a guide asks for.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct MaterialRequirement<'a> {
    #[graphql(skip)]
    scope: &'a Arc<Scope>,
    #[graphql(skip)]
    catalogue: Option<&'a str>,
    /// Name as the guide writes it.
    pub name: &'a str,
    /// Whether it must be there.
    pub necessity: enums::Necessity,
    /// Original, copy … 材料类型.
    pub kind: Option<&'a str>,
    /// 纸质, 电子化: the forms in which it is accepted.
    pub forms: Vec<String>,
    /// Number of paper copies.
    pub copies: Option<u32>,
    /// Paper format.
    pub paper: Option<&'a str>,
    /// Where it comes from 来源渠道, in words.
    pub source: Option<&'a str>,
    /// Where it comes from, by the national code list.
    pub source_kind: Option<enums::MaterialSource>,
    /// On which law asking for it rests.
    pub basis: Option<&'a str>,
    /// When it is accepted 受理标准.
    pub acceptance: Option<&'a str>,
    /// How to fill it in 填报须知.
    pub instructions: Option<&'a str>,
    /// Address of the blank form, or the number of the file; null where what is kept is the address of something else than the web.
    pub blank_form: Option<&'a str>,
    /// Address of a sample, or the number of the file; null as of the blank form.
    pub sample: Option<&'a str>,
    /// Remark.
    pub note: Option<&'a str>,
    /// Codes of the situations in which it is asked for; empty: in all.
    pub situations: &'a [String],
}

/// A material that a guide asks for.
#[ComplexObject]
impl MaterialRequirement<'_> {
    /// The catalogue material, where there is one.
    async fn material(&self) -> async_graphql::Result<Option<Material>> {
        match self.catalogue {
            Some(code) => Ok(Shown::load(self.scope, code).await?.map(Material)),
            None => Ok(None),
        }
    }
}

impl<'a> MaterialRequirement<'a> {
    /// A requirement of a guide.
    pub fn new(scope: &'a Arc<Scope>, requirement: &'a source::MaterialRequirement) -> Self {
        let source_words = requirement.source.map(|s| match s {
            source::MaterialSource::Applicant => "申请人自备",
            source::MaterialSource::Government => "政府部门核发",
            source::MaterialSource::Other => "其他",
        });
        let form = |form: &source::MaterialForm| match form {
            source::MaterialForm::Paper => "纸质".to_owned(),
            source::MaterialForm::Electronic => "电子化".to_owned(),
        };
        Self {
            scope,
            catalogue: requirement.material.as_ref().map(domain::envelope::Code::as_str),
            name: &requirement.name,
            necessity: requirement.necessity.into(),
            kind: requirement.kind.as_deref(),
            forms: requirement.forms.iter().map(form).collect(),
            copies: requirement.copies,
            paper: requirement.paper.as_deref(),
            source: requirement.source_note.as_deref().or(source_words),
            source_kind: requirement.source.map(Into::into),
            basis: requirement.basis.as_deref(),
            acceptance: requirement.acceptance.as_deref(),
            instructions: requirement.instructions.as_deref(),
            blank_form: requirement.blank_form.as_deref().filter(|text| !has_other_scheme(text)),
            sample: requirement.sample.as_deref().filter(|text| !has_other_scheme(text)),
            note: requirement.note.as_deref(),
            situations: &requirement.situations,
        }
    }
}

/// A step 环节 of the handling.
#[derive(SimpleObject, Debug)]
pub struct Step<'a> {
    /// Name: 受理, 审查, 决定.
    pub name: &'a str,
    /// Who does it.
    pub actor: Option<&'a str>,
    /// Time it may take.
    pub limit: Option<TimeLimit<'a>>,
    /// What is done, by which standard.
    pub content: Option<&'a str>,
    /// What comes out of it.
    pub result: Option<&'a str>,
}

impl<'a> From<&'a source::Step> for Step<'a> {
    fn from(step: &'a source::Step) -> Self {
        Self {
            name: &step.name,
            actor: step.actor.as_deref(),
            limit: step.limit.map(|limit| TimeLimit::new(limit, None)),
            content: step.content.as_deref(),
            result: step.result.as_deref(),
        }
    }
}

/// A fee 收费项目.
#[derive(SimpleObject, Debug)]
pub struct Fee<'a> {
    /// Name.
    pub name: &'a str,
    /// Standard 收费标准, as written.
    pub standard: &'a str,
    /// The standard as an amount, where it is a single one.
    pub amount: Option<Money<'a>>,
    /// Basis 收费依据.
    pub basis: Option<&'a str>,
    /// Whether it may be reduced.
    pub reducible: Option<bool>,
    /// On which basis it may be reduced.
    pub reduction_basis: Option<&'a str>,
    /// Remark.
    pub note: Option<&'a str>,
}

impl<'a> From<&'a source::Fee> for Fee<'a> {
    fn from(fee: &'a source::Fee) -> Self {
        Self {
            name: &fee.name,
            standard: &fee.standard,
            amount: fee.amount.as_ref().map(Money::from),
            basis: fee.basis.as_deref(),
            reducible: fee.reducible,
            reduction_basis: fee.reduction_basis.as_deref(),
            note: fee.note.as_deref(),
        }
    }
}

/// What an applicant gets in the end 审批结果.
#[derive(SimpleObject, Debug)]
pub struct Outcome<'a> {
    /// Name.
    pub name: &'a str,
    /// Kind.
    pub kind: enums::OutcomeKind,
    /// Address of a sample, or the number of the file; null where what is kept is the address of something else than the web.
    pub sample: Option<&'a str>,
}

impl<'a> From<&'a source::Outcome> for Outcome<'a> {
    fn from(outcome: &'a source::Outcome) -> Self {
        Self { name: &outcome.name, kind: outcome.kind.into(), sample: outcome.sample.as_deref().filter(|text| !has_other_scheme(text)) }
    }
}

/// A place where an application is handed in 办理地点.
#[derive(SimpleObject, Debug)]
pub struct Place<'a> {
    /// Address.
    pub address: &'a str,
    /// Name of the hall.
    pub name: Option<&'a str>,
    /// Window or room.
    pub window: Option<&'a str>,
    /// Hours 办理时间.
    pub hours: Option<&'a str>,
}

impl<'a> From<&'a source::Place> for Place<'a> {
    fn from(place: &'a source::Place) -> Self {
        Self { address: &place.address, name: place.name.as_deref(), window: place.window.as_deref(), hours: place.hours.as_deref() }
    }
}

/// The online service behind a guide.
#[derive(SimpleObject, Debug)]
pub struct OnlineService<'a> {
    /// Name of the platform.
    pub platform: Option<&'a str>,
    /// Address for computers: of the web, http or https. Null where a list says something else, which is no link; `Entry.findings` tells it.
    pub url: Option<&'a str>,
    /// Address for mobile devices, as `url`.
    pub mobile_url: Option<&'a str>,
    /// How far a case can be handled online.
    pub depth: Option<enums::OnlineDepth>,
    /// Whether the one login of the government platform works on computers.
    pub single_sign_on: Option<bool>,
    /// Whether it works on mobile devices.
    pub mobile_single_sign_on: Option<bool>,
    /// Whether fees can be paid online.
    pub payment: Option<bool>,
    /// Whether an appointment can be made.
    pub appointment: Option<bool>,
    /// Address of appointments, as `url`.
    pub appointment_url: Option<&'a str>,
    /// Whether self-service terminals do it.
    pub terminals: Option<bool>,
}

impl<'a> From<&'a source::OnlineService> for OnlineService<'a> {
    fn from(online: &'a source::OnlineService) -> Self {
        Self {
            platform: online.platform.as_deref(),
            url: online.url.as_deref().filter(|text| is_web_address(text)),
            mobile_url: online.mobile_url.as_deref().filter(|text| is_web_address(text)),
            depth: online.depth.map(Into::into),
            single_sign_on: online.single_sign_on,
            mobile_single_sign_on: online.mobile_single_sign_on,
            payment: online.payment,
            appointment: online.appointment,
            appointment_url: online.appointment_url.as_deref().filter(|text| is_web_address(text)),
            terminals: online.terminals,
        }
    }
}

/// A question often asked, with its answer.
#[derive(SimpleObject, Debug)]
pub struct Faq<'a> {
    /// The question.
    pub question: &'a str,
    /// The answer.
    pub answer: &'a str,
}

impl<'a> From<&'a source::Faq> for Faq<'a> {
    fn from(faq: &'a source::Faq) -> Self {
        Self { question: &faq.question, answer: &faq.answer }
    }
}
