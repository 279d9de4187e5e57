//! Commands as they go over the wire.

/// A command: its name, and its bytes.
pub struct Command {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Takes the commands that have come in whole from what was read.
pub fn commands(read: &mut Vec<u8>) -> Vec<Command> {
    let mut found = Vec::new();
    while let Some((name, length)) = first(read) {
        found.push(Command { name, bytes: read.drain(..length).collect() });
    }
    found
}

/// Name and length of the first command, once it is there whole.
fn first(read: &[u8]) -> Option<(String, usize)> {
    let (mut words, mut at) = number(read, 0, b'*')?;
    let mut name = None;
    while words > 0 {
        let (length, begin) = number(read, at, b'$')?;
        let word = read.get(begin..begin + length)?;
        name.get_or_insert_with(|| String::from_utf8_lossy(word).to_uppercase());
        at = begin + length + 2;
        words -= 1;
    }
    (at <= read.len()).then_some((name?, at))
}

/// A line of a sign and a number, and where the next one begins.
fn number(read: &[u8], at: usize, sign: u8) -> Option<(usize, usize)> {
    let line = read.get(at..)?;
    let end = line.windows(2).position(|two| two == b"\r\n")?;
    assert_eq!(line[0], sign, "no command: {:?}", String::from_utf8_lossy(&line[..end]));
    Some((std::str::from_utf8(&line[1..end]).unwrap().parse().unwrap(), at + end + 2))
}
