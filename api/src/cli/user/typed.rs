use std::io::{self, Read};

use super::{Failed, Typed};
use crate::auth::local::{MAX_PASSWORD_BYTES, Password};

/// A new password, asked for twice.
pub fn chosen(typed: Typed) -> Result<Password, Failed> {
    if typed.password_stdin {
        return Ok(Password::chosen(line()?)?);
    }
    let password = Password::chosen(ask("密码 password: ")?)?;
    if Password::chosen(ask("再次输入 again: ")?)? != password {
        return Err(Failed("两次输入的密码不同 / the two passwords differ".to_owned()));
    }
    Ok(password)
}

/// A password that somebody has.
pub fn known(typed: Typed) -> Result<Password, Failed> {
    Ok(Password::typed(if typed.password_stdin { line()? } else { ask("密码 password: ")? })?)
}

/// Asks on the terminal, which shows nothing of what is typed.
fn ask(prompt: &str) -> Result<String, Failed> {
    rpassword::prompt_password(prompt).map_err(|error| {
        Failed(format!(
            "没有可输入密码的终端；请用 --password-stdin / there is no terminal to type a password at: use --password-stdin ({error})"
        ))
    })
}

/// The first line of standard input. Nobody's password is longer than what is read of it.
fn line() -> Result<String, Failed> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(MAX_PASSWORD_BYTES as u64 + 3).read_to_end(&mut bytes)?;
    let text = String::from_utf8(bytes).map_err(|_| Failed("密码不是 UTF-8 / the password is not UTF-8".to_owned()))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
