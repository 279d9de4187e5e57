use clap::Args;

use super::Failed;
use crate::auth::OpenIdSettings;

/// Which OpenID issuer is trusted.
#[derive(Debug, Clone, Default, Args)]
pub struct OpenIdArgs {
    /// Issuer of tokens, exactly as they name it; its keys are read from there
    #[arg(long = "oidc-issuer", env = "TONGYUAN_OIDC_ISSUER", value_name = "URL")]
    pub issuer: Option<String>,
    /// Audience that its tokens for this register have
    #[arg(long = "oidc-audience", env = "TONGYUAN_OIDC_AUDIENCE", value_name = "AUD")]
    pub audience: Option<String>,
    /// Claim with the list of grants, such as approver@CODE [default: tongyuan]
    #[arg(long = "oidc-grants-claim", env = "TONGYUAN_OIDC_GRANTS_CLAIM", value_name = "CLAIM")]
    pub grants_claim: Option<String>,
    /// Claim with the id of the person behind the account [default: tongyuan_person]
    #[arg(long = "oidc-person-claim", env = "TONGYUAN_OIDC_PERSON_CLAIM", value_name = "CLAIM")]
    pub person_claim: Option<String>,
}

impl OpenIdArgs {
    /// What is said here, or else there.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            issuer: self.issuer.or(other.issuer),
            audience: self.audience.or(other.audience),
            grants_claim: self.grants_claim.or(other.grants_claim),
            person_claim: self.person_claim.or(other.person_claim),
        }
    }

    /// The settings, if an issuer is named.
    pub fn settings(self) -> Result<Option<OpenIdSettings>, Failed> {
        match (self.issuer, self.audience) {
            (None, None) if self.grants_claim.is_none() && self.person_claim.is_none() => Ok(None),
            (Some(issuer), Some(audience)) => Ok(Some(OpenIdSettings {
                issuer,
                audience,
                grants: self.grants_claim.unwrap_or_else(|| OpenIdSettings::GRANTS.to_owned()),
                person: self.person_claim.unwrap_or_else(|| OpenIdSettings::PERSON.to_owned()),
            })),
            // Without an audience the tokens of every other service of the issuer would be good here.
            _ => {
                Err(Failed("--oidc-issuer 与 --oidc-audience 须同时给出 / --oidc-issuer and --oidc-audience are given together".to_owned()))
            }
        }
    }
}
