//! Spaces of networks, from which searches draw: NAS-Bench-301 and AlphaNet as the study drew them, and spaces that
//! files describe, such as the built-in one for microcontrollers.
//!
//! ```text
//! seed ─┐
//! text ─┼─> Genome ─> operations ─> layers, MACs, parameters
//! search ─┘         └─> features ─> accuracy
//! ```
//!
//! A [`Genome`] is a list of independent choices, so every combination is a network of the space. Only the space
//! knows what a choice means.
//!
//! ```
//! let space = maestrino::host::spaces::by_name("nb301").expect("a name");
//! let genome = space.sample(7);
//! assert_eq!(space.parse(&space.format(&genome)), Ok(genome));
//! println!("{} layers, {} MACs", space.layers(&genome).len(), space.macs(&genome));
//! ```

pub mod accuracy;
mod alphanet;
mod configuration;
mod nb301;
pub mod networks;
pub mod random;
pub mod selection;
mod space;
mod space_layer;
mod staged;

pub use alphanet::AlphaNet;
pub use configuration::ConfigError;
pub use nb301::{Nb301, Nb301Recipe};
pub use space::{Genome, MAX_GENES, Memory, Space, UnknownId};
pub use space_layer::SpaceLayer;
pub use staged::Staged;

/// The names of all spaces.
pub const NAMES: [&str; 3] = ["nb301", "alphanet", "tiny"];

/// The space with this name, with the study's recipe.
pub fn by_name(name: &str) -> Option<Box<dyn Space>> {
    Some(match name {
        "nb301" => Box::new(Nb301::default()),
        "alphanet" => Box::new(AlphaNet),
        "tiny" => Box::new(Staged::tiny()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
