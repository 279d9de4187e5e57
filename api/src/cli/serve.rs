use std::time::Instant;

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use super::{Done, Output, Settings, args::Role};
use crate::{
    app::{self, Node, SharedKeeping, system_clock},
    auth::Counter,
};

/// Serves a register that exists, until it is told to stop.
pub async fn run(settings: &Settings, output: &Output) -> Done {
    let begun = Instant::now();
    let gate = app::gate(&settings.place, settings.open_id.as_ref(), system_clock())?;
    let node = match &settings.views {
        None => {
            let journal = app::open_journal(&settings.place).await?;
            let views = app::empty_views_beside(&settings.place, &journal).await;
            Node::bind_over(journal, views, settings.listen, system_clock()).await?
        }
        Some(views) => {
            // Whoever only answers has no right to append; whoever projects writes receipts.
            let journal = match settings.role {
                Role::All | Role::Projector => app::open_journal(&settings.place).await?,
                Role::Reader => app::open_journal_to_read(&settings.place).await?,
            };
            let (projects, answers) = (settings.role != Role::Reader, settings.role != Role::Projector);
            let shared = SharedKeeping::new(views, journal.clone(), projects, answers, system_clock())?;
            tracing::info!(%views, role = ?settings.role, "views are shared");
            let node = Node::bind_shared(journal, shared, settings.listen, system_clock()).await?;
            if settings.role == Role::All { node } else { node.without_changes() }
        }
    };
    let node = node
        .with_gate(gate)
        .with_open_drafts(settings.open_drafts)
        .with_counter(settings.counter)
        .with_cache_seconds(settings.cache_seconds)
        .with_deadline_lead(settings.deadline_lead);
    let address = node.address();
    output.line(format!("同源 listening on http://{address}  ({})", settings.place.option().trim_start_matches("--")));
    output.line(format!(
        "try: curl -s http://{address}/graphql -H 'content-type: application/json' -d '{{\"query\":\"{{ registry {{ agencies(first: 5) {{ totalCount nodes {{ code name }} }} }} }}\"}}'"
    ));
    if settings.counter == Counter::Open {
        output
            .line("窗口提示对所有访问者开放（--open-counter） / clerk notes are shown to everybody who reaches this node (--open-counter)");
    }
    let mut watch = node.runner().watch();
    tokio::spawn(async move {
        if watch.wait_for(|lag| lag.caught_up).await.is_ok() {
            let lag = *watch.borrow();
            tracing::info!(events = lag.projected, seconds = begun.elapsed().as_secs_f64(), "ready: views have caught up with the journal");
        }
    });
    let (stop, told) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        // The node may have ended by itself; then nobody has to be told.
        let _ = stop.send(true);
    });
    node.run(told).await;
    Ok(())
}
