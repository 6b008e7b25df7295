//! Reads the summary of a search.

use std::path::Path;

use serde_json::{Map, Value};

use super::error::{ANEW, ReportError};
use crate::host::cost_table::CostModel;
use crate::host::report::readable::rounded;
use crate::host::search::files::SUMMARY;

/// The JSON file that says what was searched.
pub(super) struct Summary {
    file: String,
    pub fields: Map<String, Value>,
}

/// The kinds of questions that a search can answer.
const ASKED: [&str; 3] = ["constraint", "comparison", "evolution"];

impl Summary {
    pub fn read(directory: &Path) -> Result<Summary, ReportError> {
        let path = directory.join(SUMMARY);
        let file = path.display().to_string();
        let bad = |what: String| ReportError {
            what: format!("{file}: {what}"),
            help: Some("give a directory that `maestrino codesign --output` wrote"),
        };
        let text = std::fs::read_to_string(&path).map_err(|error| bad(error.to_string()))?;
        let fields = serde_json::from_str(&text).map_err(|error| bad(error.to_string()))?;
        Ok(Summary { file, fields })
    }

    pub fn text(&self, field: &str) -> Result<&str, ReportError> {
        self.fields.get(field).and_then(Value::as_str).ok_or_else(|| self.bad(field))
    }

    /// The number at a JSON pointer such as `/evolution/tried`.
    pub fn number(&self, place: &str) -> Result<f64, ReportError> {
        self.at(place).and_then(Value::as_f64).ok_or_else(|| self.bad(place))
    }

    fn at(&self, place: &str) -> Option<&Value> {
        let mut keys = place.split('/').skip(1);
        let first = self.fields.get(keys.next()?)?;
        keys.try_fold(first, |value, key| value.get(key))
    }

    /// The name of the cost model for readers.
    pub fn model(&self) -> Result<&'static str, ReportError> {
        let name = self.text("model")?;
        let model = [CostModel::Exact, CostModel::Maestro].into_iter().find(|model| model.name() == name);
        let called = model.map(|model| match model {
            CostModel::Exact if self.fields.get("calibration").is_some_and(|own| !own.is_null()) => {
                "the exact model, calibrated"
            }
            CostModel::Exact => "the exact model",
            CostModel::Maestro => "MAESTRO's model",
        });
        called.ok_or_else(|| self.bad("model"))
    }

    /// The unit of accuracies: percent, or a score.
    pub fn points(&self) -> Result<&'static str, ReportError> {
        let kind = self.at("/accuracy/kind").and_then(Value::as_str).ok_or_else(|| self.bad("/accuracy/kind"))?;
        Ok(if kind == "score" { "a score that only ranks" } else { "percent" })
    }

    /// Facts about the search as names and texts: model, source of the accuracies, limits, command line.
    pub fn facts(&self) -> Result<Vec<(String, String)>, ReportError> {
        let source = self.at("/accuracy/source").and_then(Value::as_str).ok_or_else(|| self.bad("/accuracy/source"))?;
        let accuracy = match self.points()? {
            "percent" => source.to_string(),
            score => format!("{source}, {score}"),
        };
        let mut facts = vec![("Cost model", self.model()?.to_string()), ("Accuracy", accuracy)];
        for kind in ASKED {
            let Some(asked) = self.fields.get(kind) else { continue };
            let text = |field: &str| {
                asked[field].as_str().map(String::from).ok_or_else(|| self.bad(&format!("/{kind}/{field}")))
            };
            let [command, version] = [text("command")?, text("version")?];
            let limits = asked.get("limits").and_then(Value::as_object).map(limits);
            facts.extend(limits.map(|limits| ("Constraint", limits)));
            let name = match kind {
                "constraint" => "Answers by",
                "comparison" => "Comparison by",
                _ => "Evolution by",
            };
            facts.push((name, format!("{command} (version {version})")));
        }
        Ok(facts.into_iter().map(|(name, words)| (name.to_string(), words)).collect())
    }

    fn bad(&self, field: &str) -> ReportError {
        ReportError { what: format!("{}: there is no '{field}'", self.file), help: Some(ANEW) }
    }
}

/// Limits in words: `latency at most 20,000,000 cycles`.
fn limits(limits: &Map<String, Value>) -> String {
    let words = limits.iter().map(|(name, limit)| {
        let (what, unit) = name.split_once('_').unwrap_or((name, ""));
        let unit = match unit {
            "nj" => "nJ",
            "nj_cycles" => "nJ x cycles",
            "um2" => "um^2",
            "mw" => "mW",
            other => other,
        };
        format!("{what} at most {} {unit}", rounded(&limit.as_f64().unwrap_or_default().to_string()))
    });
    words.collect::<Vec<_>>().join(", ")
}
