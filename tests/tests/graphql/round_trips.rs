//! How often a store on another machine is asked: a page takes a few round trips, however many entries stand on it.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use domain::{
    envelope::{Code, Position},
    register::Register,
    value::Channel,
};
use projections::{Document, Key, Snapshot, Term, ViewError};
use serde_json::{Value, json};

use super::support::{answer, made, sample_register};

/// A snapshot that has nothing at hand and counts what it is asked.
struct Counting {
    below: Arc<dyn Snapshot>,
    gets: AtomicUsize,
    finds: AtomicUsize,
    counts: AtomicUsize,
}

#[async_trait]
impl Snapshot for Counting {
    fn position(&self) -> Option<Position> {
        self.below.position()
    }

    fn events(&self) -> u64 {
        self.below.events()
    }

    async fn get_many(&self, channel: Channel, register: Register, codes: &[Code]) -> Result<Vec<Option<Document>>, ViewError> {
        self.gets.fetch_add(1, Ordering::Relaxed);
        self.below.get_many(channel, register, codes).await
    }

    async fn get_entries(&self, channel: Channel, entries: &[(Register, Code)]) -> Result<Vec<Option<Document>>, ViewError> {
        self.gets.fetch_add(1, Ordering::Relaxed);
        self.below.get_entries(channel, entries).await
    }

    async fn find(
        &self,
        channel: Channel,
        register: Register,
        terms: &[Term],
        after: Option<&Code>,
        limit: usize,
    ) -> Result<Vec<Code>, ViewError> {
        self.finds.fetch_add(1, Ordering::Relaxed);
        self.below.find(channel, register, terms, after, limit).await
    }

    async fn count(&self, channel: Channel, register: Register, terms: &[Term]) -> Result<usize, ViewError> {
        self.counts.fetch_add(1, Ordering::Relaxed);
        self.below.count(channel, register, terms).await
    }

    async fn keys(&self) -> Result<Vec<Key>, ViewError> {
        self.below.keys().await
    }
}

/// Asks a register that has nothing at hand. Returns the data, and how often it got documents, found codes and counted.
async fn ask_counting(query: &str) -> (Value, [usize; 3]) {
    let register = sample_register().await;
    let zero = AtomicUsize::default;
    let counting = Arc::new(Counting { below: register.snapshot.clone(), gets: zero(), finds: zero(), counts: zero() });
    let mut answer = answer(&register.schema, counting.clone(), made(), query, json!({})).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    let asked = [&counting.gets, &counting.finds, &counting.counts].map(|count| count.load(Ordering::Relaxed));
    println!("{asked:?} get, find, count: {query}");
    (answer["data"].take(), asked)
}

/// Waves of loading: the page itself, then what its entries refer to. The library splits a wave of some hundred fields,
/// which is no matter; one round trip for each of a hundred entries would be.
const FEW: usize = 20;

#[tokio::test]
async fn a_page_of_items_with_agency_parent_and_guides_takes_a_few_round_trips() {
    let query =
        "{ registry { items(first: 100) { nodes { code agency { name parent { name } } parent { name } guides { code name } } } } }";
    let (data, [gets, finds, counts]) = ask_counting(query).await;
    assert_eq!(data["registry"]["items"]["nodes"].as_array().unwrap().len(), 100);
    assert!(gets <= FEW && finds <= 2 && counts == 0, "{gets} {finds} {counts}");
    assert_eq!(data, sample_register().await.ask(query).await, "what is at hand and what is fetched are the same");
}

#[tokio::test]
async fn a_page_of_guides_with_item_agency_and_materials_takes_a_few_round_trips() {
    let query = "{ registry(channel: COUNTER) { guides(first: 50) { nodes { code item { name agency { name } } agency { name }
        materials { name material { code abolished } } } } } }";
    let (data, [gets, finds, counts]) = ask_counting(query).await;
    assert_eq!(data["registry"]["guides"]["nodes"].as_array().unwrap().len(), 50);
    assert!(gets <= FEW && finds <= 2 && counts == 0, "{gets} {finds} {counts}");
    assert_eq!(data, sample_register().await.ask(query).await);
}

#[tokio::test]
async fn a_page_of_the_catalogue_with_agency_item_and_guide_takes_a_few_round_trips() {
    let query = "{ registry { catalogue(first: 50) { nodes { code agency { name } item { name agency { name } } guide { name steps { name } } } } } }";
    let (data, [gets, finds, counts]) = ask_counting(query).await;
    let nodes = data["registry"]["catalogue"]["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), 14);
    assert!(nodes.iter().all(|node| node["guide"]["name"].is_string() && node["item"]["agency"]["name"].is_string()), "{data}");
    assert!(gets <= FEW && finds <= 2 && counts == 0, "{gets} {finds} {counts}");
    assert_eq!(data, sample_register().await.ask(query).await);
}

#[tokio::test]
async fn a_total_is_counted_only_when_it_is_asked_for() {
    let (_, [_, _, counts]) = ask_counting("{ registry { items(first: 10) { nodes { code } } } }").await;
    assert_eq!(counts, 0);
    let (_, [_, _, counts]) = ask_counting("{ registry { items(first: 10) { totalCount } } }").await;
    assert_eq!(counts, 1);
}
