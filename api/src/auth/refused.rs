use super::grants::InvalidGrant;

/// Why a token lets nobody in. Outside only the variant is told; the reason is for the log. Nothing of it holds the token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It was good once.
    #[error("the token has expired")]
    Expired,
    /// It is not good.
    #[error("the token is not valid: {0}")]
    NotValid(#[from] Reason),
    /// It cannot be told at present whether it is good.
    #[error("the token cannot be verified at present: {0}")]
    Unavailable(String),
}

/// Why a token is not good.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Longer than any token of an honest issuer.
    #[error("longer than {} bytes", super::token::MAX_TOKEN_BYTES)]
    TooLong,
    /// No signed JWT, or signed by an algorithm that no library knows, such as `none`.
    #[error("no signed JWT of a known algorithm")]
    Malformed,
    /// Neither EdDSA nor RS256.
    #[error("signed with an algorithm that is not admitted")]
    Algorithm,
    /// It does not say which key.
    #[error("no key id")]
    NoKeyId,
    /// It wants something to be understood that is not.
    #[error("critical header fields")]
    Critical,
    /// Nobody whom this node trusts.
    #[error("an issuer that is not trusted")]
    Issuer,
    /// The issuer has no such key.
    #[error("no key of the issuer has the id {0:?} and the algorithm")]
    UnknownKey(String),
    /// The signature is not that of the key.
    #[error("the signature is wrong")]
    Signature,
    /// It is for somebody else.
    #[error("made for another audience")]
    Audience,
    /// A claim is missing or has a wrong form.
    #[error("the claim {0:?} is missing or wrong")]
    Claim(String),
    /// It holds later.
    #[error("not valid yet")]
    NotYet,
    /// It grants something unknown.
    #[error("the claim of grants is wrong: {0}")]
    Grants(#[from] InvalidGrant),
    /// The account is gone, or its password was changed since.
    #[error("its account is gone, or its password was changed since")]
    Account,
}
