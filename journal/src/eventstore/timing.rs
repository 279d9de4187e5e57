use std::time::Duration;

/// How long the adapter is patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// Longest wait for an answer, and for each event of one.
    pub call: Duration,
    /// Longest silence of a subscription.
    pub silence: Duration,
    /// First pause before a read or a connection is tried again; pauses double up to [`Timing::longest`].
    pub pause: Duration,
    /// Longest pause.
    pub longest: Duration,
    /// How often a failed read is tried again.
    pub retries: usize,
    /// For how long: later no attempt is begun. One that is under way ends by itself, after [`Timing::call`] of silence.
    pub trying: Duration,
    /// After how many failures in a row a fresh client is made, whatever they were.
    pub failures: u32,
}

impl Default for Timing {
    /// Long enough for a change of the leader; a dead server is told within about three seconds, a hung one within about ten: well before whoever
    /// asked over HTTP is told that it took too long.
    fn default() -> Self {
        Self {
            call: Duration::from_secs(5),
            silence: Duration::from_secs(5),
            pause: Duration::from_millis(50),
            longest: Duration::from_secs(1),
            retries: 6,
            trying: Duration::from_secs(8),
            failures: 3,
        }
    }
}
