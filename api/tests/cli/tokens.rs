//! Tokens at the running server.

use std::{fs, path::Path, process::Stdio};

use serde_json::{Value, json};

use super::{
    process::{Server, assert_both_languages, command, on, until},
    users::{PASSWORD, added, token, user},
};

const ME: &str = r#"{"query":"{ me { account person grants { office agency } } }"}"#;

/// Who a server says that somebody is.
fn me(server: &Server, authorization: Option<&str>) -> (u16, String, Value) {
    let head = authorization.map(|value| format!("authorization: {value}\r\n")).unwrap_or_default();
    let (status, head, body) = server.send("POST /graphql", &format!("content-type: application/json\r\n{head}"), ME);
    (status, head, serde_json::from_str(&body).unwrap())
}

fn log_in(server: &Server, form: &str, body: &str) -> (u16, String, Value) {
    let (status, head, body) = server.send("POST /token", &format!("content-type: {form}\r\n"), body);
    (status, head, serde_json::from_str(&body).unwrap())
}

/// Serves with a log in a file of the folder.
fn logged(data: &Path) -> Server {
    let log = fs::File::create(data.join("log")).unwrap();
    let server =
        Server::logged(command().arg("--data").arg(data).args(["serve", "--listen", "127.0.0.1:0", "--log", "debug"]), Stdio::from(log));
    until("readiness", || server.get("/readyz").0 == 200);
    server
}

#[test]
fn a_token_tells_who_asks_and_what_is_changed_holds_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    on(data, &["init"]).ok();
    let server = logged(data);
    let (status, head, nobody) = me(&server, None);
    assert_eq!((status, &nobody["data"]["me"]), (200, &Value::Null));
    assert!(head.contains("cache-control: no-cache"), "{head}");
    // The directory is made while it serves.
    let account = added(data, "li", "P-17", &["drafter@A1", "reviewer"]);
    let li = format!("Bearer {}", token(data, "li"));
    let (status, head, answer) = me(&server, Some(&li));
    let grants = json!([{ "office": "DRAFTER", "agency": "A1" }, { "office": "REVIEWER", "agency": null }]);
    assert_eq!(answer["data"]["me"], json!({ "account": account["account"], "person": "P-17", "grants": grants }));
    assert!(status == 200 && head.contains("cache-control: private, no-store"), "{head}");
    user(data, &["revoke", "li", "--grant", "reviewer"], "").ok();
    assert_eq!(me(&server, Some(&li)).2["data"]["me"]["grants"], json!([{ "office": "DRAFTER", "agency": "A1" }]));
    // A token of an account holds no longer when it has another password, and not for another account of its name.
    user(data, &["password", "li", "--password-stdin"], "another password").ok();
    assert_eq!(me(&server, Some(&li)).0, 401);
    let li = format!("bearer {}", user(data, &["token", "li", "--password-stdin"], "another password").ok().out.trim());
    assert_eq!(me(&server, Some(&li)).0, 200);
    user(data, &["remove", "li"], "").ok();
    assert_eq!(me(&server, Some(&li)).0, 401);
    added(data, "li", "P-17", &[]);
    assert_eq!(me(&server, Some(&li)).0, 401);
    // Who cannot be looked up is not let in, and keeps the token.
    let li = format!("Bearer {}", token(data, "li"));
    let whole = fs::read(data.join("users.json")).unwrap();
    fs::write(data.join("users.json"), "{").unwrap();
    let (status, head, answer) = me(&server, Some(&li));
    assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (503, &json!("UNAVAILABLE")));
    assert!(head.contains("retry-after:"), "{head}");
    fs::write(data.join("users.json"), whole).unwrap();
    assert_eq!(me(&server, Some(&li)).0, 200);
    let log = fs::read_to_string(data.join("log")).unwrap();
    for secret in [PASSWORD, "another password", &li["Bearer ".len()..], "$argon2"] {
        assert!(!log.contains(secret), "a secret stands in the log");
    }
    assert!(log.contains("its account is gone"), "{log}");
}

#[test]
fn a_bad_token_is_never_answered_as_nobodys() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    on(data, &["init"]).ok();
    added(data, "li", "P-17", &[]);
    let server = logged(data);
    let good = token(data, "li");
    let [head, payload, signature] = <[&str; 3]>::try_from(good.split('.').collect::<Vec<_>>()).unwrap();
    // {"alg":"none"}
    let none = format!("Bearer eyJhbGciOiJub25lIn0.{payload}.");
    let elsewhere = tempfile::tempdir().unwrap();
    on(elsewhere.path(), &["init"]).ok();
    added(elsewhere.path(), "li", "P-17", &["administrator"]);
    let foreign = format!("Bearer {}", token(elsewhere.path(), "li"));
    let unsigned = format!("Bearer {head}.{payload}.");
    let (first, rest) = signature.split_at(1);
    let changed = format!("Bearer {head}.{payload}.{}{rest}", if first == "A" { "B" } else { "A" });
    let endless = format!("Bearer {}", "a".repeat(9_000));
    let bad = ["", "Bearer", "Bearer ", "Basic bGk6cGFzc3dvcmQ=", "Bearer x.y.z", &none, &foreign, &unsigned, &changed, &endless];
    for bad in bad {
        let (status, head, answer) = me(&server, Some(bad));
        assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (401, &json!("UNAUTHENTICATED")), "{bad}");
        assert_eq!(
            (answer["data"].is_null(), answer["errors"][0]["message"].as_str()),
            (true, Some("登录凭证无效 / the token is not valid"))
        );
        assert!(
            head.contains(r#"www-authenticate: bearer realm="tongyuan", error="invalid_token", error_description="not valid""#),
            "{head}"
        );
        assert!(head.contains("cache-control: no-store"), "{head}");
    }
    // Two of them are none, and a bad one is told before anything else of the request.
    let two = format!("content-type: application/json\r\nauthorization: Bearer {good}\r\nauthorization: Bearer {good}\r\n");
    assert_eq!(server.send("POST /graphql", &two, ME).0, 401);
    let wrong = server.send("POST /graphql", "content-type: application/json\r\nauthorization: Bearer x\r\n", r#"{"query":"{ nothing"}"#);
    assert_eq!(wrong.0, 401);
    assert_eq!(server.send("GET /graphql?query=%7B__typename%7D", &format!("authorization: {foreign}\r\n"), "").0, 401);
    let log = fs::read_to_string(data.join("log")).unwrap();
    for (word, token) in [("denied", &good[..]), ("no key of the issuer", &foreign[7..]), ("the signature is wrong", payload)] {
        assert!(log.contains(word) && !log.contains(token), "{word}");
    }
}

#[test]
fn a_name_and_a_password_are_given_for_a_token() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    on(data, &["init"]).ok();
    added(data, "li", "P-17", &["clerk"]);
    let server = logged(data);
    let form = "application/x-www-form-urlencoded";
    let (status, head, answer) = log_in(&server, form, "grant_type=password&username=li&password=correct+horse%20battery");
    assert_eq!((status, &answer["token_type"], &answer["expires_in"]), (200, &json!("Bearer"), &json!(43_200)));
    assert!(head.contains("cache-control: no-store"), "{head}");
    let li = format!("Bearer {}", answer["access_token"].as_str().unwrap());
    assert_eq!(me(&server, Some(&li)).2["data"]["me"]["person"], "P-17");
    let json = json!({ "name": "li", "password": PASSWORD }).to_string();
    assert_eq!(log_in(&server, "application/json; charset=utf-8", &json).0, 200);
    for (form, body) in
        [("text/plain", &json[..]), ("application/json", "[\"li\"]"), (form, "username=li"), ("application/json", &" ".repeat(5_000))]
    {
        let (status, _, answer) = log_in(&server, form, body);
        assert_eq!((status, &answer["error"]), (400, &json!("invalid_request")), "{form}");
    }
    // Where it is no JSON, and nothing of what stands there.
    let (status, _, answer) = log_in(&server, "application/json", "{ \"username\": \"li\", \"password\": \"hunter2 }");
    let told = answer["error_description"].as_str().unwrap();
    assert_eq!((status, &answer["error"]), (400, &json!("invalid_request")));
    assert!(told.contains("第1行第") && told.contains("line 1, column") && !told.contains("hunter2"), "{told}");
    assert_both_languages(told);
    // A wrong name and a wrong password are one answer, and after some tries none of both is tried any more.
    let tried = |name: &str| log_in(&server, form, &format!("username={name}&password=wrong"));
    let (known, unknown) = (tried("li"), tried("nobody"));
    assert_eq!((known.0, &known.2), (400, &unknown.2));
    assert_eq!(known.2["error"], "invalid_grant");
    for name in ["li", "nobody"] {
        until("the name closed", || tried(name).0 == 429);
        let (status, head, answer) = tried(name);
        assert!(status == 429 && head.contains("retry-after: 300") && answer["error"] == "slow_down", "{answer}");
    }
    assert_eq!(log_in(&server, "application/json", &json).0, 429);
    assert_eq!(me(&server, Some(&li)).0, 200, "who is in stays in");
    let log = fs::read_to_string(data.join("log")).unwrap();
    assert!(log.contains("too many tries") && !log.contains("password=") && !log.contains(PASSWORD), "{log}");
}
