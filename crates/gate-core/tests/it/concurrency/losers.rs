//! Who looks first and is overtaken is answered like who comes later, once the request is answered again.

use gate_core::values::Value;
use gate_testkit::occ::{Client, OccDatabase, Settings};
use serde_json::json;

use super::support::{Case, find, same};

/// What a request for a slug is answered; it is answered again after a constraint, at most so often.
async fn request(client: &Client<'_>, index: u32, again: usize) -> String {
    let data = json!({ "id": format!("{index}"), "slug": "s" });
    let create = json!({ "create": { "model": "organization", "data": data, "rules": { "unique": [["slug"]] } } });
    for left in (0..=again).rev() {
        match client.ask(&find("organization", "slug", json!("s"))).await {
            Ok(Value::Null) => {}
            _ => return "taken".to_owned(),
        }
        match client.ask(&create).await {
            Ok(_) => return "created".to_owned(),
            Err(failure) if left == 0 => return failure.code().unwrap_or("CONTENTION").to_owned(),
            Err(_) => {}
        }
    }
    String::new()
}

fn one_slug(clients: u32, again: usize) -> impl Fn(bool) -> Result<usize, String> {
    move |every| {
        let case = Case {
            name: "one slug",
            settings: Settings::default(),
            seed: &[],
            clients,
            work: &|client, index| Box::pin(request(client, index, again)),
            check: &|db: &OccDatabase, mut answers: Vec<String>| {
                answers.sort();
                let mut expected = vec!["created".to_owned()];
                expected.resize(answers.len(), "taken".to_owned());
                same("organizations", db.rows("organization").len(), 1)?;
                same("answers", answers, expected)
            },
        };
        if again == 0 {
            return Err(case.fails_somewhere().complaint);
        }
        Ok(if every { case.holds_in_every() } else { case.holds_in_many() })
    }
}

#[test]
fn one_request_gets_the_slug_and_the_others_its_own_error() {
    assert!(one_slug(2, 1)(true).unwrap() > 1);
    one_slug(16, 1)(false).unwrap();
}

#[test]
fn without_a_second_try_a_loser_meets_the_constraint() {
    let complaint = one_slug(2, 0)(true).unwrap_err();
    assert!(complaint.contains("UNIQUE_CONSTRAINT"), "{complaint}");
}
