//! The change sets of an import: how they are asked for, and what is told of them.

use clap::Args;

use super::super::{Done, Failed, Output};
use crate::{auth::local::Name, registrar::import::Account};

/// Arguments of `import` for change sets.
#[derive(Debug, Args)]
pub struct DraftArgs {
    /// Propose what is new, changed and gone in each list as a change set that is reviewed and approved as one, and adopt nothing
    #[arg(long, requires = "drafter", conflicts_with_all = ["actor", "effective_from"])]
    pub as_drafts: bool,
    /// Account of this machine in whose name change sets are proposed; the password is asked for
    #[arg(long, requires = "as_drafts", value_name = "NAME")]
    pub drafter: Option<Name>,
    /// Read that password from the first line of standard input instead of asking for it
    #[arg(long, requires = "as_drafts")]
    pub password_stdin: bool,
}

/// What was only tried was not proposed, and says so wherever it is told.
pub fn only_tried(account: &mut Account) {
    for set in account.sets.iter_mut().filter(|set| set.status == "PROPOSED") {
        set.status = "WOULD_BE_PROPOSED";
    }
}

/// Tells each set in a line, and why one was refused.
pub fn tell(account: &Account, output: &Output) {
    for set in &account.sets {
        let words = match set.status {
            "PROPOSED" => "已提出送审 proposed",
            "WOULD_BE_PROPOSED" => "将提出送审（试运行，未提出） would be proposed",
            "UNCHANGED" => "未变 unchanged",
            "REFUSED" => "未提出 refused",
            _ => "结果不明 unknown",
        };
        let code = set.code.as_ref().map_or_else(|| "（无变更 nothing to change）".to_owned(), ToString::to_string);
        let members = set.members;
        output.line(format!(
            "变更集 change set {code} {words}: 新增 new {} + 变更 changed {} + 取消 gone {}  {}",
            members.new, members.changed, members.gone, set.list_key
        ));
        if let Some((reason, zh, en)) = &set.why {
            output.line(format!("  {reason}: {zh} / {en}"));
        }
    }
}

/// Tells what no set can hold and no row says: entries that came along, and entries that the list does not hold any more.
pub fn tell_refused(account: &Account, output: &Output) {
    for row in &account.refused_along {
        if let (Some(register), Some(entry), Some((code, zh, en))) = (row.register, &row.code, &row.why) {
            let name = row.name.as_deref().unwrap_or_default();
            output.line(format!("随清单带入而未列入 came along and refused {register} {entry} {name}: {code}: {zh} / {en}"));
        }
    }
    for gone in &account.repeals {
        if let Some((code, zh, en)) = &gone.why {
            output.line(format!("新版未列而不能取消 gone and refused {} {} {}: {code}: {zh} / {en}", gone.register, gone.code, gone.name));
        }
    }
}

/// A set that was not proposed makes the command fail in the end.
pub fn in_order(account: &Account) -> Done {
    let failed: Vec<_> = account.sets.iter().filter(|set| matches!(set.status, "REFUSED" | "UNKNOWN")).collect();
    if failed.is_empty() {
        return Ok(());
    }
    Err(Failed(format!(
        "{0}个清单的变更集未能提出，原因已在上面列出；结果不明的请重做一次 / {0} change sets were not proposed, why is told above; where it is \
         not known, do the same again",
        failed.len()
    )))
}
