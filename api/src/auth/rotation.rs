//! Keys of an issuer that change, and an issuer that is not well.

use chrono::TimeDelta;
use serde_json::json;

use super::{
    OpenId, OpenIdSettings, Reason, Refused,
    stub::{Key, Mood, Published, Time},
};

#[tokio::test]
async fn a_new_key_is_asked_for_when_a_token_names_it() {
    let (time, old, new) = (Time::new(), Key::ed("old", 1), Key::ed("new", 2));
    let issuer = Published::with(vec![old.jwk()]).await;
    let gate = issuer.gate(&time);
    assert!(gate.admit(&old.sign(&issuer.claims(&time))).await.is_ok());
    issuer.set_keys(vec![old.jwk(), new.jwk()]);
    time.pass(TimeDelta::seconds(10));
    assert!(gate.admit(&new.sign(&issuer.claims(&time))).await.is_ok());
    assert!(gate.admit(&old.sign(&issuer.claims(&time))).await.is_ok());
    assert_eq!(issuer.asked(), 2);
}

#[tokio::test]
async fn however_many_tokens_name_unknown_keys_the_issuer_is_asked_seldom() {
    let (time, key) = (Time::new(), Key::ed("known", 1));
    let issuer = Published::with(vec![key.jwk()]).await;
    let gate = issuer.gate(&time);
    for second in 0..21 {
        for seed in 2..5 {
            let token = Key::ed("unknown", seed).sign(&issuer.claims(&time));
            assert_eq!(gate.admit(&token).await.unwrap_err(), Refused::NotValid(Reason::UnknownKey("unknown".to_owned())));
        }
        time.pass(TimeDelta::seconds(1));
        assert_eq!(issuer.asked(), 1 + second / 10);
    }
    // And many at once ask once.
    time.pass(TimeDelta::seconds(60));
    let before = issuer.asked();
    let tokens: Vec<_> = (2..20).map(|seed| Key::ed("unknown", seed).sign(&issuer.claims(&time))).collect();
    for refused in futures::future::join_all(tokens.iter().map(|token| gate.admit(token))).await {
        assert!(refused.is_err());
    }
    assert_eq!(issuer.asked(), before + 1);
}

#[tokio::test]
async fn a_key_that_was_taken_back_is_given_up() {
    let (time, old, new) = (Time::new(), Key::ed("old", 1), Key::ed("new", 2));
    let issuer = Published::with(vec![old.jwk()]).await;
    let gate = issuer.gate(&time);
    let token = |n: usize| {
        old.sign(&json!({ "n": n, "exp": time.now() + 600, "iss": issuer.url, "aud": "tongyuan", "sub": "s", "tongyuan_person": "p" }))
    };
    assert!(gate.admit(&token(0)).await.is_ok());
    issuer.set_keys(vec![new.jwk()]);
    time.pass(TimeDelta::minutes(5));
    // Nobody waits for the answer, so a token or two may pass before it is there.
    let mut passed = 0;
    while gate.admit(&token(passed + 1)).await.is_ok() {
        passed += 1;
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        assert!(passed < 1_000, "a key that was taken back holds on");
    }
    assert!(passed >= 1 && gate.admit(&new.sign(&issuer.claims(&time))).await.is_ok());
}

#[tokio::test]
async fn known_keys_go_on_while_the_issuer_is_down_but_not_for_ever() {
    let (time, key) = (Time::new(), Key::ed("known", 1));
    let issuer = Published::with(vec![key.jwk()]).await;
    let gate = issuer.gate(&time);
    assert!(gate.admit(&key.sign(&issuer.claims(&time))).await.is_ok());
    issuer.set_mood(Mood::Down);
    time.pass(TimeDelta::minutes(59));
    assert!(gate.admit(&key.sign(&issuer.claims(&time))).await.is_ok());
    let unknown = gate.admit(&Key::ed("unknown", 2).sign(&issuer.claims(&time))).await.unwrap_err();
    assert!(matches!(unknown, Refused::Unavailable(_) | Refused::NotValid(Reason::UnknownKey(_))), "{unknown:?}");
    time.pass(TimeDelta::minutes(2));
    let old = gate.admit(&key.sign(&issuer.claims(&time))).await.unwrap_err();
    assert!(matches!(old, Refused::Unavailable(_)), "{old:?}");
    issuer.set_mood(Mood::Well);
    time.pass(TimeDelta::seconds(10));
    assert!(gate.admit(&key.sign(&issuer.claims(&time))).await.is_ok());
}

#[tokio::test]
async fn an_issuer_that_is_not_well_lets_nobody_in_and_holds_nobody_up() {
    for mood in [
        Mood::Down,
        Mood::Silent,
        Mood::Endless,
        Mood::Redirecting,
        Mood::Posing,
        Mood::Elsewhere("http://keys.example/"),
        Mood::Elsewhere("file:///etc/keys"),
        Mood::Elsewhere("nowhere"),
    ] {
        let (time, key) = (Time::new(), Key::ed("known", 1));
        let issuer = Published::with(vec![key.jwk()]).await;
        issuer.set_mood(mood.clone());
        let gate = issuer.gate(&time);
        let begun = std::time::Instant::now();
        let refused = gate.admit(&key.sign(&issuer.claims(&time))).await.unwrap_err();
        assert!(matches!(refused, Refused::Unavailable(_)), "{mood:?} {refused:?}");
        assert!(begun.elapsed().as_secs() < 10, "{mood:?}");
    }
}

#[tokio::test]
async fn keys_for_other_uses_and_of_other_kinds_are_passed_over() {
    let (time, key, other) = (Time::new(), Key::ed("known", 1), Key::ed("other", 2));
    let (mut encrypts, mut differs, mut nameless) = (other.jwk(), other.jwk(), other.jwk());
    encrypts["use"] = json!("enc");
    differs["alg"] = json!("RS256");
    nameless.as_object_mut().unwrap().remove("kid");
    let secret = json!({ "kty": "oct", "k": "c2VjcmV0", "kid": "other", "alg": "HS256" });
    let new = json!({ "kty": "AKP", "alg": "ML-DSA-65", "kid": "other", "pub": "AAAA" });
    let issuer = Published::with(vec![json!(1), json!({}), encrypts, differs, nameless, secret, new, key.jwk()]).await;
    let gate = issuer.gate(&time);
    assert!(gate.admit(&key.sign(&issuer.claims(&time))).await.is_ok());
    assert!(gate.admit(&other.sign(&issuer.claims(&time))).await.is_err());
}

#[test]
fn an_issuer_is_reached_by_https_or_on_this_machine() {
    let time = Time::new();
    let made = |issuer: &str| {
        let settings = OpenIdSettings { issuer: issuer.into(), audience: "t".into(), grants: "g".into(), person: "p".into() };
        OpenId::new(settings, time.clock()).map(|_| ())
    };
    for good in ["https://login.city/realms/city", "http://127.0.0.1:9", "http://localhost:9/x", "http://[::1]:9"] {
        assert!(made(good).is_ok(), "{good}");
    }
    for wrong in [
        "http://login.city",
        "http://127.0.0.1.login.city",
        "ftp://localhost",
        "login.city",
        "",
        "https://u:p@login.city",
        "https://l.city?x",
        "https://l.city#x",
    ] {
        let told = made(wrong).unwrap_err().to_string();
        assert!(told.contains("https") && told.contains(" / "), "{wrong} {told}");
    }
}
