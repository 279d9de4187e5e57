use std::fmt;

use serde_json::{Value, json};

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bench {
    /// Smaller sizes, for a look.
    pub(crate) quick: bool,
}

impl Bench {
    pub(crate) fn pick<T>(self, whole: T, quick: T) -> T {
        if self.quick { quick } else { whole }
    }
}

/// What a figure has to be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
    /// None: it is told, and judged by nobody.
    None,
}

/// A figure, or why there is none.
#[derive(Debug)]
pub(crate) enum Outcome {
    Measured {
        name: &'static str,
        value: f64,
        unit: &'static str,
        goal: Goal,
        /// What the figure was made of.
        detail: String,
    },
    Skipped(&'static str, String),
}

impl Outcome {
    /// A ratio of two sides, with its goal if it has one: the medians, and where the middle half of the ratios of neighbouring runs lies.
    pub(crate) fn ratio(name: &'static str, at_least: impl Into<Option<f64>>, sides: &Sides, unit: &str) -> Self {
        let (ours, theirs) = (median(&sides.ours), median(&sides.theirs));
        let mut ratios: Vec<_> = sides.ours.iter().zip(&sides.theirs).map(|(a, b)| a / b).collect();
        ratios.sort_by(f64::total_cmp);
        let (low, high) = (ratios[ratios.len() / 4], ratios[ratios.len() * 3 / 4]);
        let detail = format!("{ours:.0} against {theirs:.0} {unit}, {} runs, middle half {low:.2} to {high:.2}", ratios.len());
        let goal = at_least.into().map_or(Goal::None, Goal::AtLeast);
        Self::Measured { name, value: median(&ratios), unit: "×", goal, detail }
    }

    pub(crate) fn json(&self) -> (String, Value) {
        match self {
            Self::Measured { name, value, unit, goal, detail } => {
                let mut told = json!({ "value": value, "unit": unit, "detail": detail });
                let bound = match goal {
                    Goal::AtLeast(bound) => Some(("atLeast", bound)),
                    Goal::AtMost(bound) => Some(("atMost", bound)),
                    Goal::None => None,
                };
                if let Some((word, bound)) = bound {
                    (told[word], told["met"]) = (json!(bound), json!(self.is_met()));
                }
                ((*name).to_owned(), told)
            }
            Self::Skipped(name, why) => ((*name).to_owned(), json!({ "skipped": why })),
        }
    }

    fn is_met(&self) -> bool {
        match self {
            Self::Measured { value, goal: Goal::AtLeast(bound), .. } => value >= bound,
            Self::Measured { value, goal: Goal::AtMost(bound), .. } => value <= bound,
            Self::Measured { goal: Goal::None, .. } | Self::Skipped(..) => false,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Measured { name, value, unit, goal, detail } => {
                let met = if self.is_met() { "goal met   " } else { "goal missed" };
                let goal = match goal {
                    Goal::AtLeast(bound) => format!("≥ {bound:<5} {met}"),
                    Goal::AtMost(bound) => format!("≤ {bound:<5} {met}"),
                    Goal::None => format!("{:<19}", "no goal"),
                };
                let shown = if *value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") };
                write!(f, "{name:<34} {shown:>8} {unit:<8} {goal}  {detail}")
            }
            Self::Skipped(name, why) => write!(f, "{name:<34}  SKIPPED  {why}"),
        }
    }
}

/// The speeds of two sides, run by run.
#[derive(Debug, Default)]
pub(crate) struct Sides {
    ours: Vec<f64>,
    theirs: Vec<f64>,
}

impl Sides {
    /// Runs both sides in turn, so often, after one run of each that does not count; each says how fast it was.
    pub(crate) fn alternate(runs: usize, mut ours: impl FnMut() -> f64, mut theirs: impl FnMut() -> f64) -> Self {
        let mut sides = Self::default();
        let (_, _) = (ours(), theirs());
        for run in 0..runs {
            // Whoever is first in one run is second in the next.
            if run % 2 == 0 {
                sides.ours.push(ours());
                sides.theirs.push(theirs());
            } else {
                sides.theirs.push(theirs());
                sides.ours.push(ours());
            }
        }
        sides
    }
}

pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// A whole number as one that is reckoned with.
#[expect(clippy::cast_precision_loss, reason = "nothing that is counted here comes near 2^52")]
pub(crate) fn number(count: usize) -> f64 {
    count as f64
}
