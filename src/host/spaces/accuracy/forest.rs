//! A random forest as a table of plain numbers.

use crate::host::spaces::networks::{ListError, Table};

/// The columns of its file. A leaf has -1 as its left and right, and a value; the other nodes have a feature and a
/// threshold.
pub(super) const COLUMNS: [&str; 7] = ["tree", "node", "left", "right", "feature", "threshold", "value"];

/// A random forest: regression trees whose mean is the prediction.
#[derive(Clone, Debug)]
pub struct Forest {
    /// All nodes of all trees.
    nodes: Vec<Node>,
    /// The place of each tree's root.
    roots: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
enum Node {
    Leaf(f64),
    /// Continue at `left` if the feature is at most `threshold`, else at `right`.
    Split {
        feature: usize,
        threshold: f64,
        left: usize,
        right: usize,
    },
}

impl Forest {
    /// Reads a table with [`COLUMNS`], with trees in order and the nodes of each tree in order. `features` is the
    /// number of features.
    pub(super) fn read(table: &Table, features: usize) -> Result<Forest, ListError> {
        let mut places = [0; COLUMNS.len()];
        for (place, name) in places.iter_mut().zip(COLUMNS) {
            *place = table.column(name).ok_or_else(|| {
                let what = format!("a random forest without a column '{name}': expected {}", COLUMNS.join(", "));
                table.fault(what)
            })?;
        }
        let [tree, node, left, right, feature, threshold, value] = places;
        let mut forest = Forest { nodes: Vec::with_capacity(table.rows.len()), roots: Vec::new() };
        for row in &table.rows {
            let index = |column, name, end: usize| match table.number(row, column)? {
                number if number >= 0.0 && number < end as f64 && number.fract() == 0.0 => Ok(number as usize),
                number => {
                    let what = format!("{name} is {number}, expected a whole number from 0 to {}", end.max(1) - 1);
                    Err(table.wrong(row, what))
                }
            };
            let number = forest.nodes.len();
            let of_tree = index(tree, "tree", forest.roots.len() + 1)?;
            if of_tree == forest.roots.len() {
                forest.roots.push(number);
            } else if of_tree + 1 != forest.roots.len() {
                return Err(table.wrong(row, format!("tree {of_tree} comes after tree {}", forest.roots.len() - 1)));
            }
            let root = forest.roots[of_tree];
            if index(node, "node", number - root + 1)? != number - root {
                return Err(table.wrong(row, format!("the nodes are not in order: expected node {}", number - root)));
            }
            let leaf = table.number(row, left)? == -1.0 && table.number(row, right)? == -1.0;
            forest.nodes.push(if leaf {
                Node::Leaf(table.number(row, value)?)
            } else {
                let most = table.rows.len() - root;
                Node::Split {
                    feature: index(feature, "feature", features)?,
                    threshold: table.number(row, threshold)?,
                    left: root + index(left, "left", most)?,
                    right: root + index(right, "right", most)?,
                }
            });
        }
        forest.check(table)?;
        Ok(forest)
    }

    /// Checks that every node except the roots is the child of exactly one node of its own tree, and that no tree has
    /// a cycle.
    fn check(&self, table: &Table) -> Result<(), ListError> {
        let ends = self.roots.iter().skip(1).copied().chain([self.nodes.len()]);
        for (&root, end) in self.roots.iter().zip(ends) {
            let mut reached = vec![false; end - root];
            reached[0] = true;
            let mut open = vec![root];
            while let Some(node) = open.pop() {
                let Node::Split { left, right, .. } = self.nodes[node] else { continue };
                for child in [left, right] {
                    let what = match child {
                        child if child >= end => "is not in its tree",
                        child if reached[child - root] => "has two parents, or leads back to itself",
                        child => {
                            reached[child - root] = true;
                            open.push(child);
                            continue;
                        }
                    };
                    let what = format!("child {} {what}", child - root);
                    return Err(table.wrong(&table.rows[node], what));
                }
            }
            if let Some(lost) = reached.iter().position(|reached| !reached) {
                let what = format!("node {lost} is not reached from the root of its tree");
                return Err(table.wrong(&table.rows[root + lost], what));
            }
        }
        Ok(())
    }

    /// The mean of the predictions of all trees.
    pub(super) fn predict(&self, features: &[f64]) -> f64 {
        let sum: f64 = self.roots.iter().map(|&root| self.leaf(root, features)).sum();
        sum / self.roots.len() as f64
    }

    fn leaf(&self, mut node: usize, features: &[f64]) -> f64 {
        loop {
            match self.nodes[node] {
                Node::Leaf(value) => return value,
                Node::Split { feature, threshold, left, right } => {
                    node = if features[feature] <= threshold { left } else { right };
                }
            }
        }
    }
}
