//! Checks the names of columns. A column is `<dataflow>_<accelerator>`, so different designs may get the same name.

use std::collections::HashSet;

use super::{DesignSpace, MIXED};

/// Two designs whose figures would have the same column.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "two designs would have the column {column}: dataflow {} on accelerator {}, and dataflow {} on accelerator {}; \
     give one of them another name",
    .designs[0].0, .designs[0].1, .designs[1].0, .designs[1].1
)]
pub struct NameClash {
    /// The column.
    pub column: String,
    /// Names of dataflow and accelerator.
    pub designs: [(String, String); 2],
}

impl DesignSpace {
    /// Checks that every design has a column of its own.
    ///
    /// # Errors
    /// Two designs that share one.
    pub(crate) fn check_names(&self) -> Result<(), NameClash> {
        let dataflows: Vec<&str> = self.takes().map(|takes| self.name(takes)).collect();
        let clash = |(dataflow, accelerator): (&str, &str), other: (&str, &str)| NameClash {
            column: format!("{dataflow}_{accelerator}"),
            designs: [(dataflow, accelerator), other].map(|(a, b)| (a.to_string(), b.to_string())),
        };
        let first = dataflows.first().copied().unwrap_or(MIXED);
        let mut accelerators = HashSet::new();
        for accelerator in &self.accelerators {
            let name = accelerator.name.as_str();
            if !accelerators.insert(name) {
                return Err(clash((first, name), (first, name)));
            }
        }
        for (place, &dataflow) in dataflows.iter().enumerate() {
            for (_, &other) in dataflows.iter().enumerate().filter(|(other, _)| *other != place) {
                // `a_b` on `c` has the column of `a` on `b_c`.
                let Some(rest) = other.strip_prefix(dataflow) else { continue };
                for accelerator in &self.accelerators {
                    let column = format!("{rest}_{}", accelerator.name);
                    let own = column.strip_prefix('_').and_then(|name| accelerators.get(name));
                    if let Some(&own) = own {
                        return Err(clash((dataflow, own), (other, &accelerator.name)));
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataflow::presets::Preset;
    use crate::host::campaign::{Accelerator, NamedDataflow, Objective};
    use crate::host::dataflow_choice::DataflowChoice;

    fn check(dataflows: &[&str], accelerators: &[&str]) -> Option<String> {
        let dataflow = |name: &&str| NamedDataflow {
            name: name.to_string(),
            choice: DataflowChoice::preset(Preset::Rs.tiling(), false),
        };
        let accelerator =
            |name: &&str| Accelerator { name: name.to_string(), hardware: crate::Hardware::new(16).unwrap() };
        let designs = DesignSpace {
            accelerators: accelerators.iter().map(accelerator).collect(),
            dataflows: dataflows.iter().map(dataflow).collect(),
            mappings: None,
            mixed: Some(Objective::Latency),
        };
        designs.check_names().err().map(|clash| clash.to_string())
    }

    #[test]
    fn columns_that_two_designs_would_have_are_found() {
        assert_eq!(check(&["a", "a_b", "ab"], &["c", "d_b_c", "b_d", "_c"]), None);
        let clash = check(&["a_b", "a"], &["c", "b_c"]).unwrap();
        assert!(
            clash.contains("column a_b_c: dataflow a on accelerator b_c, and dataflow a_b on accelerator c"),
            "{clash}"
        );
        let clash = check(&["mixed_a"], &["a_c", "c"]).unwrap();
        assert!(clash.contains("dataflow mixed on accelerator a_c, and dataflow mixed_a on"), "{clash}");
        assert!(check(&["a"], &["c", "c"]).unwrap().contains("column a_c"));
        assert!(check(&["a", "a"], &["c"]).unwrap().contains("column a_c"));
    }
}
