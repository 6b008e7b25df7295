//! Arguments that choose a space, its networks, and their accuracies.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use crate::host::formats::file;
use crate::host::population::Population;
use crate::host::spaces::accuracy::{Accuracy, AccuracyError, Named};
use crate::host::spaces::networks::{self, Listed};
use crate::host::spaces::{self, Genome, Nb301, Nb301Recipe, Space, Staged};
use serde_json::{Map, Value, json};

use super::models::Models;
use crate::cli::failure::Failure;
use crate::cli::{input, output, progress};

/// Arguments that choose a space and its recipe.
#[derive(clap::Args)]
pub struct SpaceArgs {
    /// The space: nb301, alphanet, tiny, or a file that describes one
    #[arg(long, value_name = "NAME|FILE")]
    space: OsString,
    #[command(flatten)]
    recipe: RecipeArgs,
}

impl SpaceArgs {
    /// The space.
    pub fn space(&self) -> Result<Box<dyn Space>, Failure> {
        self.recipe.check(std::slice::from_ref(&self.space))?;
        self.recipe.space(&self.space)
    }
}

/// The recipe by which a space turns configurations into networks.
#[derive(clap::Args, Clone, Default)]
pub struct RecipeArgs {
    /// Rows and columns of the input image, for nb301 [default: 32]
    #[arg(long, value_name = "N")]
    input_size: Option<u32>,
    /// Include the auxiliary classifier, which only training needs, for nb301
    #[arg(long)]
    aux_head: bool,
    /// Number of cells, for nb301 [default: 20]
    #[arg(long, value_name = "N")]
    cells: Option<u32>,
    /// Channels of the first cell's operations, for nb301 [default: 36]
    #[arg(long, value_name = "N")]
    width: Option<u32>,
    /// Number of classes, for nb301 [default: 10], tiny and spaces from files [default: those of the file, 1000]
    #[arg(long, value_name = "N")]
    classes: Option<u32>,
}

impl RecipeArgs {
    /// The spaces with these names. A flag of one space has no effect on the others.
    pub fn spaces(&self, given: &[OsString]) -> Result<Vec<Box<dyn Space>>, Failure> {
        self.check(given)?;
        given.iter().map(|name| self.space(name)).collect()
    }

    /// The spaces of a command. `own` is set if the command takes the user's own networks instead.
    pub fn of_command(&self, given: &[OsString], own: bool) -> Result<Vec<Box<dyn Space>>, Failure> {
        if own { self.check(&["--models".into()]).map(|()| Vec::new()) } else { self.spaces(given) }
    }

    /// Checks that each flag belongs to at least one of the spaces.
    fn check(&self, spaces: &[OsString]) -> Result<(), Failure> {
        let is_nb301 = spaces.iter().any(|name| name == "nb301");
        let has_classes = spaces.iter().any(|name| name != "alphanet" && name != "--models");
        for (flag, is_given, suits, owners) in [
            ("--input-size", self.input_size.is_some(), is_nb301, "nb301"),
            ("--aux-head", self.aux_head, is_nb301, "nb301"),
            ("--cells", self.cells.is_some(), is_nb301, "nb301"),
            ("--width", self.width.is_some(), is_nb301, "nb301"),
            ("--classes", self.classes.is_some(), has_classes, "nb301, tiny and spaces from files"),
        ] {
            if is_given && !suits {
                let names: Vec<_> = spaces.iter().map(|name| name.to_string_lossy()).collect();
                return Err(Failure::Usage(format!(
                    "{flag} is of {owners}; {} has no such choice",
                    names.join(" and ")
                )));
            }
        }
        Ok(())
    }

    /// The space that is given by name or file.
    fn space(&self, given: &OsStr) -> Result<Box<dyn Space>, Failure> {
        let name = given.to_string_lossy();
        Ok(match name.as_ref() {
            "nb301" => {
                let default = Nb301Recipe::default();
                let recipe = Nb301Recipe {
                    input_size: self.input_size.unwrap_or(default.input_size),
                    aux_head: self.aux_head,
                    cells: self.cells.unwrap_or(default.cells),
                    width: self.width.unwrap_or(default.width),
                    classes: self.classes.unwrap_or(default.classes),
                };
                Box::new(Nb301::new(recipe).map_err(Failure::Input)?)
            }
            "tiny" => self.staged(Staged::tiny())?,
            name => match spaces::by_name(name) {
                Some(space) => space,
                None if Path::new(given).exists() => {
                    let text = file::text(Path::new(given))?;
                    self.staged(Staged::read(&text, name).map_err(Box::new)?)?
                }
                None => return Err(input::unknown("space", name, spaces::NAMES.into_iter())),
            },
        })
    }

    fn staged(&self, space: Staged) -> Result<Box<dyn Space>, Failure> {
        Ok(match self.classes {
            Some(classes) => Box::new(space.with_classes(classes).map_err(Failure::Input)?),
            None => Box::new(space),
        })
    }
}

/// The networks given by `selected`, `all`, ids, or a file.
pub fn networks(space: &dyn Space, given: &OsStr) -> Result<Vec<Listed>, Failure> {
    let is_named = |text: &&str| *text == "selected" || *text == "all" || looks_like_ids(text);
    let path = Path::new(given);
    let _work = progress::begin(format!("{}: networks {}", space.name(), given.display()), 0);
    let listed = if let Some(text) = given.to_str().filter(is_named) {
        networks::named(space, text)
    } else if path.exists() {
        networks::read(space, &file::bytes(path)?, &given.to_string_lossy())
    } else {
        return Err(Failure::Input(format!(
            "there is no file '{}'; expected selected, all, a CSV file, or ids as 0..100, 5 or 1,2,3",
            given.display()
        )));
    };
    listed.map_err(|error| Failure::Input(error.to_string()))
}

/// The listed networks with their layers.
pub fn population(space: &dyn Space, listed: &[Listed]) -> Population {
    let _work = progress::begin(format!("layers of {} networks", listed.len()), 0);
    Population::of_space(space, listed)
}

/// The networks given by `selected`, `all`, ids, or a file. There must be at least one.
pub fn listed(space: &dyn Space, networks: &OsStr) -> Result<Vec<Listed>, Failure> {
    let listed = self::networks(space, networks)?;
    match listed.is_empty() {
        true => Err(Failure::Input(format!("{}: there is no network in it", networks.display()))),
        false => Ok(listed),
    }
}

/// Arguments that choose the source of accuracies.
#[derive(clap::Args)]
pub struct AccuracyArgs {
    /// builtin (a score for ranking), or a CSV file: a table with a column 'accuracy' beside 'id' or the
    /// configuration (for networks of your own: 'network'), or a random forest [default: builtin]
    #[arg(long, value_name = "builtin|FILE")]
    accuracy: Option<OsString>,
}

const BUILTIN: &str = "builtin";

impl AccuracyArgs {
    /// Whether a source is given.
    pub fn is_given(&self) -> bool {
        self.accuracy.is_some()
    }

    /// The accuracies of the user's own networks.
    ///
    /// # Errors
    /// No file is given, or the file lacks networks. A row for an unknown network is only a warning.
    pub fn of_models(&self, models: &Models) -> Result<Vec<f64>, Failure> {
        let Some(file) = self.accuracy.as_deref().filter(|file| *file != BUILTIN) else {
            let names: Vec<&str> = models.names.iter().filter_map(|names| Some(names.first()?.as_str())).collect();
            return Err(Failure::Usage(format!(
                "--models needs --accuracy FILE: a CSV with the columns network,accuracy and a row for each of {}, in \
                 percent",
                output::few(&names)
            )));
        };
        let bytes = file::bytes(Path::new(file))?;
        let named = Named::read(&models.names, &bytes, &file.to_string_lossy());
        let Named { accuracies, unknown } = named.map_err(|error| Failure::Input(error.to_string()))?;
        for row in unknown.iter().take(output::FEW) {
            output::message(format_args!("warning: {row}"));
        }
        if unknown.len() > output::FEW {
            output::message(format_args!("warning: {} more rows are of no network", unknown.len() - output::FEW));
        }
        Ok(accuracies)
    }

    fn name(&self) -> &OsStr {
        self.accuracy.as_deref().unwrap_or(OsStr::new(BUILTIN))
    }

    /// The source of accuracies.
    pub fn source(&self, space: &dyn Space) -> Result<Accuracy, Failure> {
        let file = self.name();
        if file == BUILTIN {
            return match space.surrogate(&Genome::default()) {
                Some(_) => Ok(Accuracy::Builtin),
                None => Err(Failure::Input(format!(
                    "the space {} has no score of its own: give --accuracy FILE, or [score] in the file of the space",
                    space.name()
                ))),
            };
        }
        let bytes = file::bytes(Path::new(file))?;
        Accuracy::read(space, &bytes, &file.to_string_lossy()).map_err(|error| Failure::Input(error.to_string()))
    }

    /// The accuracies of listed networks.
    pub fn of_all(&self, source: &Accuracy, space: &dyn Space, networks: &[Listed]) -> Result<Vec<f64>, Failure> {
        let _work = progress::begin(format!("accuracies of {} networks", networks.len()), 0);
        source.of_all(space, networks).map_err(|error| self.failure(&error))
    }

    /// The failure for networks without an accuracy in the source.
    fn failure(&self, error: &AccuracyError) -> Failure {
        Failure::Input(format!("{}: {error}", self.name().display()))
    }

    /// The source and kind of the accuracies, for the summary of a search.
    pub fn described(&self, source: Option<&Accuracy>) -> Map<String, Value> {
        let kind = match source {
            Some(Accuracy::Builtin) => "score",
            Some(Accuracy::Forest(_)) => "forest",
            // `None` means the user's own networks, whose table has their names.
            Some(Accuracy::Table(_) | Accuracy::InOrder(_)) | None => "table",
        };
        let accuracy = json!({"source": self.name().to_string_lossy(), "kind": kind});
        Map::from_iter([("accuracy".to_string(), accuracy)])
    }

    /// The name of the measure: `accuracy`, or `score` if it only ranks.
    pub fn measure(&self) -> &'static str {
        if self.name() == BUILTIN { "score" } else { "accuracy" }
    }
}

/// Whether the text has the form of ids and is therefore not the name of a file.
fn looks_like_ids(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || "., ".contains(c))
}
