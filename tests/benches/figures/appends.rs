use std::{
    fs::File,
    io::Write,
    sync::{Arc, mpsc},
    thread,
    time::Instant,
};

use domain::envelope::StreamName;
use journal::{Expected, Journal, NewEvent, SqliteJournal};
use tokio::sync::oneshot;

use crate::{
    entries::{appends, folder, runtime, sample},
    figure::{Bench, Outcome, Sides, number},
};

const WRITERS: usize = 16;

type Appends = Vec<(StreamName, NewEvent)>;

/// Appends a second of one writer, against a plain file that is written and synced each time.
pub(crate) fn one_writer(bench: Bench) -> Vec<Outcome> {
    let appends = appends(&sample(), bench.pick(4_000, 200));
    let sides = Sides::alternate(bench.pick(9, 3), || journal(&appends, 1), || plain(&appends));
    vec![Outcome::ratio("durable append, one writer", 0.9, &sides, "appends/s")]
}

/// The same with sixteen writers, against a plain file with group commit.
pub(crate) fn many_writers(bench: Bench) -> Vec<Outcome> {
    let appends = appends(&sample(), bench.pick(8_000, 1_600));
    let sides = Sides::alternate(bench.pick(9, 3), || journal(&appends, WRITERS), || plain_group(&appends));
    vec![Outcome::ratio("durable append, sixteen writers", 0.8, &sides, "appends/s")]
}

/// The share of a writer.
fn share(appends: &Appends, writer: usize, writers: usize) -> Appends {
    appends.iter().skip(writer).step_by(writers).cloned().collect()
}

fn journal(appends: &Appends, writers: usize) -> f64 {
    let folder = folder();
    let journal = Arc::new(SqliteJournal::create(&folder.path().join("journal.db")).unwrap());
    let shares: Vec<_> = (0..writers).map(|writer| share(appends, writer, writers)).collect();
    runtime().block_on(async {
        let begun = Instant::now();
        let tasks: Vec<_> = shares
            .into_iter()
            .map(|share| {
                let journal = journal.clone();
                tokio::spawn(async move {
                    for (stream, event) in share {
                        journal.append(&stream, Expected::NoStream, vec![event]).await.unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        number(appends.len()) / begun.elapsed().as_secs_f64()
    })
}

/// The bytes of an event as a line of a file.
fn bytes(stream: &StreamName, event: &NewEvent) -> Vec<u8> {
    let name = stream.to_string();
    [event.id.as_bytes(), name.as_bytes(), event.kind.as_bytes(), &event.metadata, &event.payload, b"\n"].concat()
}

fn plain(appends: &Appends) -> f64 {
    let folder = folder();
    let mut file = File::create(folder.path().join("plain")).unwrap();
    let begun = Instant::now();
    for (stream, event) in appends {
        file.write_all(&bytes(stream, event)).unwrap();
        file.sync_data().unwrap();
    }
    number(appends.len()) / begun.elapsed().as_secs_f64()
}

/// Writers that hand their bytes to one thread, which writes and syncs all that wait as one.
fn plain_group(appends: &Appends) -> f64 {
    let folder = folder();
    let mut file = File::create(folder.path().join("plain")).unwrap();
    let (queue, waiting) = mpsc::channel::<(Vec<u8>, oneshot::Sender<()>)>();
    let writer = thread::spawn(move || {
        while let Ok(first) = waiting.recv() {
            let group: Vec<_> = std::iter::once(first).chain(waiting.try_iter()).collect();
            let all = group.iter().map(|(bytes, _)| bytes.as_slice()).collect::<Vec<_>>().concat();
            file.write_all(&all).unwrap();
            file.sync_data().unwrap();
            for (_, answer) in group {
                answer.send(()).unwrap();
            }
        }
    });
    let shares: Vec<_> = (0..WRITERS).map(|writer| share(appends, writer, WRITERS)).collect();
    let speed = runtime().block_on(async {
        let begun = Instant::now();
        let tasks: Vec<_> = shares
            .into_iter()
            .map(|share| {
                let queue = queue.clone();
                tokio::spawn(async move {
                    for (stream, event) in share {
                        let (answer, answered) = oneshot::channel();
                        queue.send((bytes(&stream, &event), answer)).unwrap();
                        answered.await.unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        number(appends.len()) / begun.elapsed().as_secs_f64()
    });
    drop(queue);
    writer.join().unwrap();
    speed
}
