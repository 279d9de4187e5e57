use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    entries::{self, folder, runtime},
    figure::{Bench, Goal, Outcome, median, number},
    http::{Client, request},
    import,
};

/// This program again as a process of its own that listens; killed when it is dropped.
pub(crate) struct Server {
    pub(crate) address: String,
    process: Child,
}

impl Server {
    /// Starts it and waits for the line that tells the address, as `http://…`.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let mut process = command.args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        Self { address, process }
    }

    pub(crate) fn serve(data: &Path) -> Self {
        Self::start(&["serve", "--data", data.to_str().unwrap(), "--listen", "127.0.0.1:0", "--log", "off"])
    }

    pub(crate) async fn ready(&self) {
        let mut client = Client::connect(&self.address).await;
        while client.send(&request("GET", "/readyz", "")).await.0 != 200 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// The most memory that it had resident, in MiB.
    fn peak(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        let kib: usize = line.trim().trim_end_matches(" kB").parse().unwrap_or_default();
        number(kib) / 1_024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already cannot be killed, and that is as well.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// From the start of the process until `/readyz` says yes: the real sets, and a hundred thousand generated entries.
pub(crate) fn measure(bench: Bench) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let real = folder();
    match entries::real_sets() {
        Ok(sets) => {
            import::into(&real.path().join("journal.db"), &sets);
            outcomes.push(start("start with the real sets", 1.0, real.path(), bench.pick(7, 3)).0);
        }
        Err(why) => outcomes.push(Outcome::Skipped("start with the real sets", why)),
    }
    let made = folder();
    let count = bench.pick(100_000, 10_000);
    entries::generated(&made.path().join("journal.db"), count);
    let (seconds, peak) = start("start with generated entries", 10.0, made.path(), bench.pick(3, 1));
    let size = fs::metadata(made.path().join("journal.db")).map_or(0, |file| file.len() / (1 << 20));
    outcomes.push(seconds);
    let detail = format!("VmHWM of the server when it is ready, {count} entries, journal of {size} MiB");
    outcomes.push(Outcome::Measured {
        name: "memory with generated entries",
        value: peak,
        unit: "MiB",
        goal: Goal::AtMost(1_536.0),
        detail,
    });
    outcomes
}

fn start(name: &'static str, at_most: f64, data: &Path, runs: usize) -> (Outcome, f64) {
    let (mut times, mut peaks) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        let begun = Instant::now();
        let server = Server::serve(data);
        runtime().block_on(server.ready());
        times.push(begun.elapsed().as_secs_f64());
        peaks.push(server.peak());
    }
    let peak = median(&peaks);
    let detail = format!("{runs} runs, {peak:.0} MiB resident");
    (Outcome::Measured { name, value: median(&times), unit: "s", goal: Goal::AtMost(at_most), detail }, peak)
}
