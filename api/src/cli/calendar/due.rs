use domain::calendar::{Span, china};
use serde_json::json;

use super::{super::words, Done, Output, Settings, args::DueArgs, known_at};

/// Tells when a deadline ends, or of which year a notice is missing for it. That it cannot be known is an answer and no failure.
pub async fn run(settings: &Settings, verb: &DueArgs, output: &Output) -> Done {
    let known = known_at(settings, verb.known_at).await?;
    let due = known.due(verb.from, Span::WorkingDays(verb.working_days));
    let from = china::date_of(verb.from);
    if verb.json {
        let mut answer = json!({
            "due": null, "lastDay": null, "from": verb.from, "fromDay": from, "workingDays": verb.working_days, "knownAt": known.at(),
        });
        match due {
            Ok(due) => {
                answer["due"] = json!(due.at);
                answer["lastDay"] = json!(due.last_day);
            }
            Err(unknown) => {
                answer["unknown"] = json!({ "year": unknown.year, "day": unknown.day, "message": unknown.zh(), "messageEn": unknown.en() });
            }
        }
        return output.json(&answer);
    }
    let number = verb.working_days;
    output.line(match due {
        Ok(due) => format!(
            "{due} 北京时间截止，即{}：{from}之后的第{number}个工作日 / ends with {}, working day {number} after {from}",
            words::china(due.at),
            due.last_day
        ),
        Err(unknown) => format!("未知 unknown: {unknown}"),
    });
    Ok(())
}
