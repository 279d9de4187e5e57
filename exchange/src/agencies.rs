//! The agencies of a list: each comes in once, under its credit code or an assigned one.

use std::collections::HashMap;

use domain::{
    entry::Source,
    envelope::Code,
    register::{Agency, AgencyNature, Content, Register},
    value::{AssignedCode, CreditCode, Finding, Region, text},
};

use crate::{
    body,
    brackets::{inside_brackets, outside_brackets},
    error::why,
    many::is_of_many,
    reading::{Proposal, ProposedCode, ProposedContent, Why},
};

/// An agency as a row refers to it.
#[derive(Debug, Clone)]
pub(crate) struct Referred {
    pub code: Code,
    /// The words of the list, where they are not the agency's name.
    pub exercised_by: Option<String>,
    /// The name of an agency other than the publisher, folded: part of what identifies a row.
    pub other: Option<String>,
    /// The words name no body; the publisher stands for it.
    pub is_generic: bool,
}

/// The agencies met so far.
#[derive(Debug, Default)]
pub(crate) struct Agencies {
    pub publisher: Option<String>,
    /// Name of the place that the list is of, where its publisher does not say it.
    place: Option<String>,
    region: Option<Region>,
    known: HashMap<String, Referred>,
    names: HashMap<Code, String>,
    proposals: Vec<Proposal>,
    findings: Vec<Finding>,
}

impl Agencies {
    pub(crate) fn new(publisher: Option<String>, region: Option<Region>) -> Self {
        Self { publisher, region, ..Self::default() }
    }

    /// Goes on with a sheet that another body publishes.
    pub(crate) fn set_publisher(&mut self, publisher: Option<String>, place: Option<String>) {
        if self.publisher != publisher || self.place != place {
            // The same words mean another body there.
            self.known.clear();
        }
        self.publisher = publisher;
        self.place = place;
    }

    /// The agencies that came up since this was last asked.
    pub(crate) fn take_proposals(&mut self) -> Vec<Proposal> {
        std::mem::take(&mut self.proposals)
    }

    /// What was found of agencies since this was last asked: each is told with the row that names it first.
    pub(crate) fn take_findings(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.findings)
    }

    /// Notes the nature of an agency that came up since; that of one that was told before is known by now.
    pub(crate) fn note_nature(&mut self, code: &Code, nature: Option<AgencyNature>) {
        let is_it = |proposal: &&mut Proposal| proposal.code.code(Register::Agency, 0).as_ref() == Some(code);
        if let (Some(nature), Some(proposal)) = (nature, self.proposals.iter_mut().find(is_it))
            && let ProposedContent::Agency(agency) = &mut proposal.content
        {
            agency.nature.get_or_insert(nature);
        }
    }

    /// The agency of a row, by the words of the list and its credit code, if there is one.
    pub(crate) fn refer(
        &mut self,
        written: Option<&str>,
        credit: Option<&str>,
        region: Option<&Region>,
        source: &Source,
    ) -> Result<Referred, Why> {
        let written = written.map(body::written).filter(|name| !name.is_empty());
        let key = format!("{}\n{}", written.as_deref().unwrap_or_default(), credit.unwrap_or_default());
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        let found = match credit.and_then(CreditCode::new).and_then(|credit| Some((credit.as_str().parse::<Code>().ok()?, credit))) {
            Some((code, credit)) => self.with_credit_code(code, credit, written, region, source),
            None => self.without_code(written, source),
        }?;
        self.known.insert(key, found.clone());
        Ok(found)
    }

    /// The agency of a row by a code of the register, with the name that goes with it, where the list gives both.
    pub(crate) fn coded(&mut self, code: &Code, name: &str, written: Option<&str>, source: &Source) -> Referred {
        if !self.names.contains_key(code) {
            let credit_code = CreditCode::new(code.as_str()).filter(|code| code.defect().is_none());
            let agency = Agency { name: name.to_owned(), credit_code, level: body::level(name), ..Agency::default() };
            self.propose(code.clone(), ProposedCode::Published(code.clone()), agency, source);
        }
        let written = written.map(text::name).filter(|written| written != name);
        Referred { code: code.clone(), exercised_by: written, other: None, is_generic: false }
    }

    fn with_credit_code(
        &mut self,
        code: Code,
        credit: CreditCode,
        written: Option<String>,
        region: Option<&Region>,
        source: &Source,
    ) -> Result<Referred, Why> {
        let name = written.or_else(|| self.publisher.clone()).ok_or_else(agency_missing)?;
        let exercised_by = self.names.get(&code).filter(|known| **known != name).map(|_| name.clone());
        if let Some(known) = self.names.get(&code).filter(|known| !body::same(known, &name)) {
            self.findings.push(Finding::warning(
                "AGENCY_CODE_SHARED",
                "agency",
                format!("“{known}”与“{name}”使用同一统一社会信用代码{code}，按“{known}”采集，“{name}”保留在行使主体中；请核对代码"),
                format!("{known:?} and {name:?} have one credit code, {code}; {known:?} is taken and {name:?} is kept in exercisedBy; check the code"),
            ));
        }
        let others =
            self.names.iter().filter(|(other, known)| **other != code && **known == name && CreditCode::new(other.as_str()).is_some());
        if let Some(other) = others.map(|(other, _)| other).min().filter(|_| !self.names.contains_key(&code)) {
            self.findings.push(Finding::warning(
                "AGENCY_CODES_SEVERAL",
                "agency",
                format!("“{name}”在本清单中有不同的统一社会信用代码：{other}和{code}，按两个机构采集；请核对代码"),
                format!("{name:?} has several credit codes on this list, {other} and {code}; they are two agencies here: check the codes"),
            ));
        }
        if !self.names.contains_key(&code) {
            let level = body::level(&name);
            let agency =
                Agency { name, credit_code: Some(credit), level, region: region.or(self.region.as_ref()).cloned(), ..Agency::default() };
            self.propose(code.clone(), ProposedCode::Published(code.clone()), agency, source);
        }
        Ok(Referred { code, exercised_by, other: None, is_generic: false })
    }

    fn without_code(&mut self, written: Option<String>, source: &Source) -> Result<Referred, Why> {
        let publisher = self.publisher.clone();
        let is_own = written.as_deref().is_some_and(body::is_own);
        let is_generic = !is_own && written.as_deref().is_some_and(body::is_generic);
        let stands = |publisher: &str| is_own || written.as_deref().is_none_or(|w| body::stands_for(w, publisher));
        if let Some(publisher) = publisher.filter(|p| is_generic || stands(p)) {
            let is_generic = is_generic && !stands(&publisher);
            let code = self.assigned(&publisher, Vec::new(), self.region.clone(), source)?;
            return Ok(Referred { code, exercised_by: written.filter(|w| *w != publisher), other: None, is_generic });
        }
        // 本局 and 教育行政部门 name nobody without a publisher.
        if is_own || is_generic {
            return Err(agency_missing());
        }
        let written = written.ok_or_else(agency_missing)?;
        let outside = outside_brackets(&written);
        let first = outside.split(['、', '，', ',', '；', ';']).next().unwrap_or_default().trim();
        if first.is_empty() {
            return Err(agency_missing());
        }
        // `市人民政府` on a list of this place is the government of this place.
        let place = self.publisher.as_deref().and_then(body::place_of).or_else(|| self.region.as_ref()?.name.clone());
        let place = place.or_else(|| self.place.clone());
        let completed = place.as_deref().and_then(|place| body::complete(first, place));
        // 县（市、区）教育局 names no body. The row keeps what identifies it, so that lines of several levels stay apart and codes stay.
        if completed.is_none() && is_of_many(&written) {
            let publisher = self.publisher.clone().ok_or_else(agency_missing)?;
            let code = self.assigned(&publisher, Vec::new(), self.region.clone(), source)?;
            return Ok(Referred { code, exercised_by: Some(written.clone()), other: Some(text::fold(first)), is_generic: true });
        }
        let region = self.region.clone().filter(|_| completed.is_some());
        let name = completed.unwrap_or_else(|| first.to_owned());
        let short_names = inside_brackets(&written).into_iter().filter(|name| body::looks_like_body(name)).collect();
        let code = self.assigned(&name, short_names, region, source)?;
        let other = self.publisher.is_some().then(|| text::fold(&name));
        Ok(Referred { code, exercised_by: (written != name).then_some(written), other, is_generic: false })
    }

    fn assigned(&mut self, name: &str, short_names: Vec<String>, region: Option<Region>, source: &Source) -> Result<Code, Why> {
        let identity = vec!["agency".to_owned(), text::fold(name)];
        let parts: Vec<&str> = identity.iter().map(String::as_str).collect();
        let code: Code = AssignedCode::new(Register::Agency, &parts, 0).as_str().parse().map_err(|_| agency_missing())?;
        if !self.names.contains_key(&code) {
            let level = body::level(name);
            let agency = Agency { name: name.to_owned(), short_names, level, region, ..Agency::default() };
            let source = Source { identity: identity.clone(), ..source.clone() };
            self.propose(code.clone(), ProposedCode::Assigned(identity), agency, &source);
        }
        Ok(code)
    }

    fn propose(&mut self, code: Code, proposed: ProposedCode, agency: Agency, source: &Source) {
        let found = agency.check().into_iter();
        self.findings.extend(found.map(|finding| Finding { path: format!("agency.{}", finding.path), ..finding }));
        self.names.insert(code, agency.name.clone());
        self.proposals.push(Proposal {
            code: proposed,
            content: ProposedContent::Agency(agency),
            source: source.clone(),
            is_mention: false,
        });
    }
}

fn agency_missing() -> Why {
    why(
        "AGENCY_MISSING",
        "未写明实施主体，标题中也没有；请用--publisher指明发布单位",
        "neither the row nor the title names an agency; give it with --publisher",
    )
}
