//! Whose code a code is.
//!
//! A code of the national catalogue names the same entry on every list. Any other code is local to who publishes the list: two
//! agencies may number different powers alike. It names its entry for the list that came with it first; for every other list the
//! register assigns a code, from the list and the code, and says so. So no list ever revises an entry of another one by accident,
//! and the same import again finds each of them where it is.

use std::collections::HashMap;

use domain::{
    envelope::Code,
    register::Register,
    value::{Finding, Hash},
};
use exchange::{Place, ProposedCode, ProposedContent, RowOutcome, Why};

use super::{
    Known, RowFate,
    run::{At, List, told_en, told_zh},
};

/// What begins the identity of a line whose local code another list has.
const LOCAL_CODE: &str = "local-code";
/// Begins the keys of exports, which hold many agencies, each with codes of its own; it is the whole key of those without a division.
pub(super) const OF_MANY: &str = "portal:";

/// Who has the codes that were met in a run.
#[derive(Debug, Default)]
pub(super) struct Claims {
    claims: HashMap<(Register, Code), Claim>,
}

#[derive(Debug)]
struct Claim {
    list_key: String,
    edition: Option<String>,
    agency: Option<Code>,
    place: Place,
    content: Option<Hash>,
}

/// Whether two lines with the same local code mean the same entry: those of one list, of one agency where the list is of many.
pub(super) fn same_owner(list_key: (&str, &str), agency: (Option<&Code>, Option<&Code>)) -> bool {
    list_key.0 == list_key.1 && (!list_key.0.starts_with(OF_MANY) || agency.0 == agency.1)
}

/// Who within a list has its local codes: the agency of the row, where the list is of many.
pub(super) fn owner_within<'a>(list_key: &str, content: &'a ProposedContent) -> Option<&'a Code> {
    agency_of(content).filter(|_| list_key.starts_with(OF_MANY))
}

/// The agency of a content of rows.
pub(super) fn agency_of(content: &ProposedContent) -> Option<&Code> {
    match content {
        ProposedContent::Item(item) => Some(&item.agency),
        ProposedContent::Guide(guide) => Some(&guide.agency),
        ProposedContent::CatalogueEntry(entry) => Some(&entry.agency),
        ProposedContent::Agency(_) | ProposedContent::Material(_) => None,
    }
}

impl Claims {
    /// Settles the codes of a list: a local one becomes that of the entry, or gives way to an assigned one with a finding. A national
    /// one that another list of the same run gives to other words is rejected, as each would undo the other. `twice` has the rows
    /// that are decided already, by number of the reading and of the row.
    pub(super) fn settle(&mut self, list: &mut List, known: &Known, twice: &mut HashMap<At, RowFate>) {
        let (key, edition) = (list.key.clone(), list.edition.clone());
        for (i, reading) in list.readings.iter_mut().enumerate() {
            for (j, row) in reading.rows.iter_mut().enumerate() {
                let RowOutcome::Proposed(proposal) = &mut row.outcome else { continue };
                let (ProposedCode::Published(code) | ProposedCode::Local(code)) = &proposal.code else { continue };
                if twice.contains_key(&(i, j)) {
                    continue;
                }
                let code = code.clone();
                let content = content_hash(&proposal.content);
                let claim = Claim {
                    list_key: key.clone(),
                    edition: edition.clone(),
                    agency: agency_of(&proposal.content).cloned(),
                    place: row.place.clone(),
                    content,
                };
                let at = (proposal.content.register(), code.clone());
                if matches!(proposal.code, ProposedCode::Published(_)) {
                    match self.claims.get(&at) {
                        Some(first) if first.undoes(&claim) => {
                            twice.insert((i, j), RowFate::Rejected(stands_elsewhere(&code, &first.place)));
                        }
                        Some(_) => {}
                        None => drop(self.claims.insert(at, claim)),
                    }
                    continue;
                }
                match self.taken(&at, &claim, known) {
                    None => {
                        proposal.code = ProposedCode::Published(code);
                        self.claims.entry(at).or_insert(claim);
                    }
                    Some(place) => {
                        let mut identity = vec![LOCAL_CODE.to_owned(), key.clone(), code.to_string()];
                        identity.extend(owner_within(&key, &proposal.content).map(ToString::to_string));
                        proposal.code = ProposedCode::Assigned(identity);
                        row.findings.push(code_taken(&code, &place));
                    }
                }
            }
        }
    }

    /// Where the line of another list stands that has a local code.
    fn taken(&self, at: &(Register, Code), claim: &Claim, known: &Known) -> Option<Place> {
        if let Some(first) = self.claims.get(at) {
            let same = same_owner((&first.list_key, &claim.list_key), (first.agency.as_ref(), claim.agency.as_ref()));
            return (!same && (first.content.is_none() || first.content != claim.content)).then(|| first.place.clone());
        }
        known.taken(at, &claim.list_key, claim.agency.as_ref(), claim.content)
    }
}

impl Claim {
    /// Whether another line with the same national code says something else and neither of the two is the newer one.
    fn undoes(&self, other: &Self) -> bool {
        let ordered = self.edition.is_some() && other.edition.is_some() && self.edition != other.edition;
        self.list_key != other.list_key && !ordered && self.content != other.content
    }
}

fn content_hash(content: &ProposedContent) -> Option<Hash> {
    let hash = match content {
        ProposedContent::Agency(agency) => Hash::of_content(agency),
        ProposedContent::Item(item) => Hash::of_content(item),
        ProposedContent::Guide(guide) => Hash::of_content(guide),
        ProposedContent::Material(material) => Hash::of_content(material),
        ProposedContent::CatalogueEntry(entry) => Hash::of_content(entry.as_ref()),
    };
    hash.ok()
}

fn code_taken(code: &Code, first: &Place) -> Finding {
    let (zh, en) = (told_zh(first), told_en(first));
    Finding::warning(
        "CODE_TAKEN",
        "code",
        format!(
            "编码{code}不是国家统一编码，已由另一清单的条目使用（{zh}）；该条目不受影响，本行已另行赋码，原编码保留在内容中。\
             如为同一事项，请只在一份清单中列出；如为不同事项，请改用国家统一编码"
        ),
        format!(
            "code {code} is none of the national catalogue and names an entry of another list ({en}); that entry stays, and this row is \
             kept under an assigned code. If both are the same item, keep it on one list; else give them national codes"
        ),
    )
}

fn stands_elsewhere(code: &Code, first: &Place) -> Why {
    let (zh, en) = (told_zh(first), told_en(first));
    Why {
        code: "DUPLICATE_CODE",
        zh: format!("编码{code}已用于另一清单的{zh}，内容不同；同一编码只能对应一条，请核对源表，或用--edition分版次导入"),
        en: format!(
            "code {code} stands on another list, in {en}, with other words; a code names one entry: check the source, or import one after \
             the other with --edition"
        ),
    }
}
