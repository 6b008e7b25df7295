//! Sources of accuracies: a table, a random forest, or the score of the space itself.

mod forest;
pub(super) mod linear;
mod named;

use std::collections::HashMap;

pub use forest::Forest;
pub use linear::{Linear, Term};
pub use named::Named;

use super::networks::{ListError, Listed, Table};
use super::space::{Genome, Space};

/// Names of the column with accuracies: ours, and that of the study's file.
const COLUMNS: [&str; 3] = ["accuracy", "accuracy_percent", "pred_acc_authors"];

/// A source of accuracies, or of scores that rank networks as accuracies would. Larger is better.
#[derive(Clone, Debug)]
pub enum Accuracy {
    /// The score of the space, see [`Space::surrogate`]. It only ranks networks; it is not an accuracy.
    Builtin,
    /// A random forest over [`Space::features`].
    Forest(Forest),
    /// Accuracies of these networks.
    Table(HashMap<Genome, f64>),
    /// Accuracies of a list of networks, in its order.
    InOrder(Vec<f64>),
}

/// Why networks have no accuracy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccuracyError {
    /// Networks that the table lacks.
    #[error("no accuracy for {missing} of {networks} networks; the first is {first}")]
    Missing {
        /// The number of networks without an accuracy.
        missing: usize,
        /// The number of networks.
        networks: usize,
        /// The first of them: its id or configuration.
        first: String,
    },
    /// A table without ids whose length is not that of the list.
    #[error("{accuracies} accuracies for {networks} networks; a table without ids must have one for each")]
    Count {
        /// The number of accuracies.
        accuracies: usize,
        /// How many networks there are.
        networks: usize,
    },
}

/// The place of the column with accuracies.
fn column(table: &Table) -> Result<usize, ListError> {
    COLUMNS.into_iter().find_map(|name| table.column(name)).ok_or_else(|| {
        table.fault(format!(
            "no accuracies: expected a column 'accuracy', or those of a random forest ({}); found {}",
            forest::COLUMNS.join(", "),
            table.columns()
        ))
    })
}

/// The accuracies in a column, in percent.
fn accuracies(table: &Table, column: usize) -> Result<Vec<f64>, ListError> {
    let percent = |row| {
        let percent = table.number(row, column)?;
        match percent {
            0.0..=100.0 => Ok(percent),
            _ => Err(table.wrong(row, format!("the accuracy is {percent}, expected 0 to 100 percent"))),
        }
    };
    table.rows.iter().map(percent).collect()
}

impl Accuracy {
    /// Reads a CSV, plain or compressed by gzip. Its columns determine what it is: a random forest
    /// (`tree,node,left,right,feature,threshold,value`), or a column `accuracy` in percent, together with columns
    /// that [`read`](super::networks::read) takes. Without such columns, the accuracies belong to a list of networks,
    /// in its order.
    ///
    /// # Errors
    /// The first row that is wrong: a network that is not of the space or occurs twice, an accuracy that is not 0 to
    /// 100, a node of a forest that leads nowhere.
    pub fn read(space: &dyn Space, bytes: &[u8], file: &str) -> Result<Accuracy, ListError> {
        let table = Table::read(bytes, file)?;
        if table.column("tree").is_some() {
            let features = space.features(&Genome::default()).len();
            return Forest::read(&table, features).map(Accuracy::Forest);
        }
        let accuracies = accuracies(&table, column(&table)?)?;
        Ok(match table.networks(space)? {
            Some(networks) => {
                Accuracy::Table(networks.into_iter().map(|network| network.genome).zip(accuracies).collect())
            }
            None => Accuracy::InOrder(accuracies),
        })
    }

    /// The accuracy of a network; `None` if the source does not have it.
    pub fn of(&self, space: &dyn Space, genome: &Genome) -> Option<f64> {
        match self {
            Accuracy::Builtin => space.surrogate(genome),
            Accuracy::Forest(forest) => Some(forest.predict(&space.features(genome))),
            Accuracy::Table(table) => table.get(genome).copied(),
            Accuracy::InOrder(_) => None,
        }
    }

    /// The accuracies of a list of networks, in its order.
    ///
    /// # Errors
    /// Networks without an accuracy.
    pub fn of_all(&self, space: &dyn Space, networks: &[Listed]) -> Result<Vec<f64>, AccuracyError> {
        if let Accuracy::InOrder(accuracies) = self {
            let count = AccuracyError::Count { accuracies: accuracies.len(), networks: networks.len() };
            return if accuracies.len() == networks.len() { Ok(accuracies.clone()) } else { Err(count) };
        }
        let found: Vec<_> = networks.iter().map(|network| self.of(space, &network.genome)).collect();
        let missing = found.iter().filter(|accuracy| accuracy.is_none()).count();
        match networks.iter().zip(&found).find(|(_, accuracy)| accuracy.is_none()) {
            None => Ok(found.into_iter().flatten().collect()),
            Some((network, _)) => {
                let first = match network.id {
                    Some(id) => format!("id {id}"),
                    None => space.format(&network.genome),
                };
                Err(AccuracyError::Missing { missing, networks: networks.len(), first })
            }
        }
    }
}
