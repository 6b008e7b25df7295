//! A calibration as a text file.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::calibration::{Calibration, Term};

/// Why a text is not a calibration: where, what was found, and what was expected.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct CalibrationError(String);

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    constant: u32,
    layer: [u16; 2],
    network: u16,
    #[serde(default)]
    rates: BTreeMap<String, u32>,
}

impl Calibration {
    /// The calibration as text: TOML with whole numbers, and comments on what they mean. `from` says in one line what
    /// it was made from.
    pub fn to_text(&self, from: &str) -> String {
        let one = f64::from(Calibration::ONE);
        let ratio = |ratio: u16| f64::from(ratio) / f64::from(Calibration::WHOLE);
        let mut text = format!("# A calibration of maestrino: {from}.\n");
        text += "# A layer takes the constant, and beside it the slowest of rate x amount.\n\n";
        let _ = writeln!(text, "# Cycles of every layer.\nconstant = {}", self.constant);
        let [low, high] = self.layer;
        let _ = writeln!(
            text,
            "# Nine in ten layers took {:.2} to {:.2} of the estimate, in 1/{}.",
            ratio(low),
            ratio(high),
            Calibration::WHOLE
        );
        let _ = writeln!(text, "layer = [{low}, {high}]");
        let _ = writeln!(
            text,
            "# Nine in ten networks took at most {:.2} of it.\nnetwork = {}",
            ratio(self.network),
            self.network
        );
        let _ = writeln!(text, "\n# In 1/{} of a cycle.\n[rates]", Calibration::ONE);
        for (term, rate) in Term::ALL.into_iter().zip(self.rates).filter(|(_, rate)| *rate > 0) {
            let _ =
                writeln!(text, "{} = {rate} # {:.3} for each of: {}", term.name(), f64::from(rate) / one, term.unit());
        }
        text
    }

    /// The same numbers as JSON, for files with calibrated cycles.
    pub fn to_json(&self) -> Value {
        let rates = Term::ALL.into_iter().zip(self.rates).filter(|(_, rate)| *rate > 0);
        let rates = rates.map(|(term, rate)| (term.name().to_string(), rate)).collect();
        let file = File { constant: self.constant, layer: self.layer, network: self.network, rates };
        // Numbers and text only.
        serde_json::to_value(file).unwrap_or_default()
    }

    /// Reads what [`Calibration::to_text`] wrote.
    ///
    /// # Errors
    /// A text that is not such a file, with line and column.
    pub fn of_text(text: &str) -> Result<Calibration, CalibrationError> {
        let file: File =
            toml::from_str(text).map_err(|error| CalibrationError(error.to_string().trim_end().to_string()))?;
        let mut rates = [0; Term::ALL.len()];
        for (name, rate) in &file.rates {
            let known = || Term::ALL.map(Term::name).join(", ");
            let Some(place) = Term::ALL.iter().position(|term| term.name() == name) else {
                return Err(CalibrationError(format!("rates: '{name}' is no term; there are {}", known())));
            };
            rates[place] = *rate;
        }
        let [low, high] = file.layer;
        if low > high {
            return Err(CalibrationError(format!("layer = [{low}, {high}]: the first must be the smaller one")));
        }
        if rates == [0; Term::ALL.len()] && file.constant == 0 {
            return Err(CalibrationError("it has neither a rate nor a constant".to_string()));
        }
        Ok(Calibration { rates, constant: file.constant, layer: file.layer, network: file.network })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read(rates: [u32; 6], constant: u32, layer: [u16; 2], network: u16) {
            proptest::prop_assume!(rates != [0; 6] && layer[0] <= layer[1]);
            let calibration = Calibration { rates, constant, layer, network };
            proptest::prop_assert_eq!(Calibration::of_text(&calibration.to_text("a test")).unwrap(), calibration);
        }
    }

    #[test]
    fn texts_that_are_no_calibration_are_refused() {
        let error = |text: &str| Calibration::of_text(text).unwrap_err().to_string();
        assert!(error("layer = [1, 2]\nnetwork = 3\nconstant = -4").contains("line 3, column 12"));
        assert!(error("layer = [1, 2]\nnetwork = 3\nother = 4").contains("unknown field `other`"));
        assert_eq!(
            error("layer = [3, 2]\nnetwork = 3\nconstant = 4"),
            "layer = [3, 2]: the first must be the smaller one"
        );
        assert_eq!(error("layer = [1, 2]\nnetwork = 3"), "it has neither a rate nor a constant");
        assert!(error("layer = [1, 2]\nnetwork = 3\n[rates]\ndense = 0.5").contains("line 4, column 9"));
        assert!(
            error("layer = [1, 2]\nnetwork = 3\n[rates]\nmacs = 5")
                .starts_with("rates: 'macs' is no term; there are cycles, dense")
        );
    }
}
