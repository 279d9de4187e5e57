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
    /// After how many failures in a row a fresh client is made, whatever they were.
    pub failures: u32,
}

impl Default for Timing {
    /// Long enough for a change of the leader; a dead server is told within about ten seconds.
    fn default() -> Self {
        Self {
            call: Duration::from_secs(5),
            silence: Duration::from_secs(5),
            pause: Duration::from_millis(50),
            longest: Duration::from_secs(1),
            retries: 6,
            failures: 3,
        }
    }
}
