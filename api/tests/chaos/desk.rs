//! A desk: whoever changes the register through a node, over HTTP and with a token. The node may be killed while it carries out what it
//! is asked; then the same command is given to the other one.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use domain::envelope::event_id;
use double::Cluster;
use serde_json::Value;
use tokio::{sync::watch, time::sleep};
use uuid::Uuid;

use crate::{
    client::Client,
    writers::{PREFIX, unavailable},
};

const PAUSE: Duration = Duration::from_millis(30);

/// What was asked of nodes.
#[derive(Default)]
pub struct Desk {
    /// By command the code of the entry that it was acknowledged of.
    pub acknowledged: BTreeMap<Uuid, String>,
    /// The command that had no answer at the end.
    open: Option<Uuid>,
    /// How often a command was given again: refused for the moment, or by a node that was away.
    pub again: usize,
    /// How often a node went away between request and answer.
    pub cut: usize,
}

impl fmt::Display for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { acknowledged, again, cut, .. } = self;
        write!(
            f,
            "{} commands acknowledged by nodes, given again {again} times, {cut} of them because a node went away with one",
            acknowledged.len()
        )
    }
}

/// The commands to an entry, one after the other: it is drafted, and withdrawn so that drafts do not pile up.
fn mutations(code: &str, commands: [Uuid; 2]) -> [String; 2] {
    let [draft, withdraw] = commands;
    [
        format!(
            r#"mutation {{ done: draft(input: {{ commandId: "{draft}", register: MATERIAL, code: "{code}", content: {{ name: "{code}表" }} }}) {{ status refusal {{ code }} }} }}"#
        ),
        format!(
            r#"mutation {{ done: withdraw(input: {{ commandId: "{withdraw}", register: MATERIAL, code: "{code}", expectedVersion: 0, reason: "不需要" }}) {{ status refusal {{ code }} }} }}"#
        ),
    ]
}

/// Gives command after command to nodes that take them, until told to stop.
pub async fn at_work(nodes: Arc<[String]>, token: String, stop: watch::Receiver<bool>) -> Desk {
    let mut desk = Desk::default();
    let mut turn = 0;
    for number in 0_u32.. {
        let code = format!("{PREFIX}D-{number}");
        let commands = ["draft", "withdraw"].map(|verb| Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{verb} {code}").as_bytes()));
        for (command, mutation) in commands.into_iter().zip(mutations(&code, commands)) {
            while !desk.give(&nodes[turn % nodes.len()], &token, command, &mutation, &code).await {
                desk.again += 1;
                turn += 1;
                if *stop.borrow() {
                    desk.open = Some(command);
                    return desk;
                }
                sleep(PAUSE).await;
            }
        }
        if *stop.borrow() {
            return desk;
        }
        // Now one node, now the other.
        turn += usize::from(number % 5 == 4);
        sleep(PAUSE).await;
    }
    desk
}

impl Desk {
    /// Gives a command to a node; whether it was acknowledged.
    async fn give(&mut self, node: &str, token: &str, command: Uuid, mutation: &str, code: &str) -> bool {
        let Ok(mut client) = Client::connect(node).await else { return false };
        let Ok(answer) = client.give(mutation, token).await else {
            self.cut += 1;
            return false;
        };
        let said = answer.json();
        if answer.status == 503 || said.get("errors").is_some() {
            assert!(unavailable(&said["errors"]), "{said}");
            return false;
        }
        match said["data"]["done"]["status"].as_str() {
            Some("APPLIED" | "UNCHANGED") => {
                assert!(answer.position.is_some(), "{answer:?}");
                self.acknowledged.insert(command, code.to_owned());
                true
            }
            Some("UNKNOWN") => false,
            _ => panic!("{mutation}: {said}"),
        }
    }

    /// Every command that a node acknowledged is in the store once; the last one, which had no answer, at most once.
    pub fn nothing_lost_nothing_doubled(&self, store: &Cluster) {
        let mut places: BTreeMap<Uuid, Vec<_>> = BTreeMap::new();
        for event in store.events(&format!("material-{PREFIX}")) {
            let metadata: Value = serde_json::from_slice(&event.metadata).unwrap();
            places.entry(metadata["command"].as_str().unwrap().parse().unwrap()).or_default().push(event);
        }
        for (command, code) in &self.acknowledged {
            let there = places.remove(command).unwrap_or_default();
            assert_eq!(there.len(), 1, "{command} to {code} was acknowledged and is there {} times", there.len());
            assert_eq!((&there[0].stream, there[0].id), (&format!("material-{code}"), event_id(*command, 0)));
        }
        for (command, there) in places {
            assert!(self.open == Some(command) && there.len() == 1, "{command} was never given, or is there {} times", there.len());
        }
    }
}
