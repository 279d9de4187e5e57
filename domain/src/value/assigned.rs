use sha2::{Digest, Sha256};

use super::credit_code::{ALPHABET, check_character};
use crate::register::Register;

/// A code that the register assigns where a list has none.
///
/// Sixteen characters: `TY`, a letter for the register (`A` agency, `X` item 事项, `G` guide, `M` material, `C` openness catalogue), twelve
/// characters taken from the SHA-256 of what identifies the line, and the check character of GB 32100 over those twelve.
/// The same line of the same list gets the same code on every machine and in every run; the alphabet has no I, O, S, V
/// or Z, so a code survives being read out. See `docs/import.md`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignedCode(String);

impl AssignedCode {
    /// The code for an identity: the parts that tell one line from every other, in a fixed order, and the turn, which is 0
    /// but where the code of an earlier turn already names something else.
    pub fn new(register: Register, identity: &[&str], turn: u32) -> Self {
        let mut hasher = Sha256::new();
        for part in identity {
            // The length goes in, so that no two identities share their bytes.
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.update(turn.to_be_bytes());
        let digest = hasher.finalize();
        let mut number = digest.iter().take(16).fold(0_u128, |n, byte| n << 8 | u128::from(*byte));
        let mut body = [b'0'; 12];
        for place in &mut body {
            *place = ALPHABET[usize::try_from(number % 31).unwrap_or(0)];
            number /= 31;
        }
        let letter = match register {
            Register::Agency => 'A',
            Register::Item => 'X',
            Register::Guide => 'G',
            Register::Material => 'M',
            Register::Openness => 'C',
        };
        let check = check_character(&body).unwrap_or('0');
        let body = String::from_utf8_lossy(&body);
        Self(format!("TY{letter}{body}{check}"))
    }

    /// Whether a code has the shape and the check character of an assigned one.
    pub fn recognise(code: &str) -> bool {
        let Some(rest) = code.strip_prefix("TY") else { return false };
        rest.len() == 14
            && rest.is_ascii()
            && matches!(rest.as_bytes()[0], b'A' | b'X' | b'G' | b'M' | b'C')
            && check_character(&rest.as_bytes()[1..13]) == rest.chars().next_back()
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_line_gets_the_same_code_for_ever() {
        let code = AssignedCode::new(Register::Item, &["某市统计局", "02", "对拒绝统计调查的处罚", ""], 0);
        // Written out: a changed scheme would break every published address.
        assert_eq!(code.as_str(), "TYXY2AQNX1H7JLCU");
        assert!(AssignedCode::recognise(code.as_str()));
    }

    #[test]
    fn another_line_register_or_turn_gets_another_code() {
        let code = |r, i: &[&str], t| AssignedCode::new(r, i, t).0;
        let first = code(Register::Item, &["ab", "c"], 0);
        assert_ne!(first, code(Register::Item, &["a", "bc"], 0));
        assert_ne!(first, code(Register::Agency, &["ab", "c"], 0));
        assert_ne!(first, code(Register::Item, &["ab", "c"], 1));
    }

    #[test]
    fn a_misread_character_is_noticed() {
        assert!(!AssignedCode::recognise("TYXY2AQNX1H7JLCW"));
        assert!(!AssignedCode::recognise("TYXY2AQNX1H7JLC"));
        assert!(!AssignedCode::recognise("11440000006939756B"));
    }
}
