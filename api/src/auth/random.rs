/// The machine gives no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("本机不能提供随机数 / this machine gives no random bytes")]
pub struct NoRandom;

/// Fills bytes with chance. Passed as a value; who takes it from the machine is the composition root, see
/// [`crate::app::system_random`].
pub type Random = fn(&mut [u8]) -> Result<(), NoRandom>;

/// So many random bytes, in hexadecimal.
pub(super) fn hex<const BYTES: usize>(random: Random) -> Result<String, NoRandom> {
    let mut bytes = [0; BYTES];
    random(&mut bytes)?;
    Ok(to_hex(&bytes))
}

/// Bytes in hexadecimal.
pub(super) fn to_hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
