//! Arguments that choose a space, networks of it, and their accuracies.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use maestrino::host::spaces::accuracy::{Accuracy, AccuracyError};
use maestrino::host::spaces::networks::{self, Listed};
use maestrino::host::spaces::{self, Nb301, Nb301Recipe, Space, Tiny};
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::{input, progress};

/// A space and its recipe.
#[derive(clap::Args)]
pub struct SpaceArgs {
    /// The space
    #[arg(long, value_name = "NAME", value_parser = spaces::NAMES)]
    space: String,
    #[command(flatten)]
    recipe: RecipeArgs,
}

impl SpaceArgs {
    /// The space that they choose.
    pub fn space(&self) -> Result<Box<dyn Space>, Failure> {
        self.recipe.space(&self.space)
    }
}

/// How a space makes networks of its configurations.
#[derive(clap::Args, Clone, Default)]
pub struct RecipeArgs {
    /// Rows and columns of the input image, of nb301 [default: 32]
    #[arg(long, value_name = "N")]
    input_size: Option<u32>,
    /// Cost the classifier that only training needs, too, of nb301
    #[arg(long)]
    aux_head: bool,
    /// Cells, of nb301 [default: 20]
    #[arg(long, value_name = "N")]
    cells: Option<u32>,
    /// Channels of the first cell's operations, of nb301 [default: 36]
    #[arg(long, value_name = "N")]
    width: Option<u32>,
    /// Classes, of nb301 [default: 10] and tiny [default: 1000]
    #[arg(long, value_name = "N")]
    classes: Option<u32>,
}

impl RecipeArgs {
    /// The spaces with these names. What only one of them knows does not matter to the others.
    pub fn spaces(&self, names: &[String]) -> Result<Vec<Box<dyn Space>>, Failure> {
        let has = |name: &str| names.iter().any(|other| other == name);
        let spaces = names.iter().map(|name| match name.as_str() {
            "nb301" => self.space(name),
            "tiny" if has("nb301") => RecipeArgs { classes: self.classes, ..RecipeArgs::default() }.space(name),
            _ if has("nb301") => RecipeArgs::default().space(name),
            "alphanet" if has("tiny") => RecipeArgs { classes: None, ..self.clone() }.space(name),
            _ => self.space(name),
        });
        spaces.collect()
    }

    /// The space with this name.
    fn space(&self, name: &str) -> Result<Box<dyn Space>, Failure> {
        let recipe = [
            ("--input-size", self.input_size.is_some()),
            ("--aux-head", self.aux_head),
            ("--cells", self.cells.is_some()),
            ("--width", self.width.is_some()),
        ];
        let given = recipe.iter().find(|(_, given)| *given).map(|(flag, _)| *flag);
        match (name, given, self.classes) {
            ("nb301", ..) => {
                let default = Nb301Recipe::default();
                let recipe = Nb301Recipe {
                    input_size: self.input_size.unwrap_or(default.input_size),
                    aux_head: self.aux_head,
                    cells: self.cells.unwrap_or(default.cells),
                    width: self.width.unwrap_or(default.width),
                    classes: self.classes.unwrap_or(default.classes),
                };
                Ok(Box::new(Nb301::new(recipe).map_err(Failure::Input)?))
            }
            (name, Some(flag), _) => Err(Failure::Usage(format!("{flag} is of nb301; {name} has no such choice"))),
            ("tiny", None, Some(classes)) => Ok(Box::new(Tiny::new(classes).map_err(Failure::Input)?)),
            (name, None, Some(_)) => {
                Err(Failure::Usage(format!("--classes is of nb301 and tiny; {name} has no such choice")))
            }
            (name, None, None) => {
                spaces::by_name(name).ok_or_else(|| Failure::Input(format!("there is no space '{name}'")))
            }
        }
    }
}

/// Networks by `selected`, `all`, ids, or a file.
pub fn networks(space: &dyn Space, given: &OsStr) -> Result<Vec<Listed>, Failure> {
    let is_named = |text: &&str| *text == "selected" || *text == "all" || networks::looks_like_ids(text);
    let path = Path::new(given);
    let _work = progress::begin(format!("{}: networks {}", space.name(), given.display()), 0);
    let listed = if let Some(text) = given.to_str().filter(is_named) {
        networks::named(space, text)
    } else if path.exists() {
        networks::read(space, &input::bytes(path)?, &given.to_string_lossy())
    } else {
        return Err(Failure::Input(format!(
            "there is no file '{}'; expected selected, all, a CSV file, or ids as 0..100, 5 or 1,2,3",
            given.display()
        )));
    };
    listed.map_err(|error| Failure::Input(error.to_string()))
}

/// Where accuracies come from.
#[derive(clap::Args)]
pub struct AccuracyArgs {
    /// builtin (a score for ranking), or a CSV file: a column 'accuracy' beside 'id' or configurations, or a random
    /// forest [default: builtin]
    #[arg(long, value_name = "builtin|FILE")]
    accuracy: Option<OsString>,
}

const BUILTIN: &str = "builtin";

impl AccuracyArgs {
    /// Whether there is any.
    pub fn is_given(&self) -> bool {
        self.accuracy.is_some()
    }

    fn name(&self) -> &OsStr {
        self.accuracy.as_deref().unwrap_or(OsStr::new(BUILTIN))
    }

    /// The source.
    pub fn source(&self, space: &dyn Space) -> Result<Accuracy, Failure> {
        let file = self.name();
        if file == BUILTIN {
            return Ok(Accuracy::Builtin);
        }
        let bytes = input::bytes(Path::new(file))?;
        Accuracy::read(space, &bytes, &file.to_string_lossy()).map_err(|error| Failure::Input(error.to_string()))
    }

    /// The accuracies that the source has of a list of networks.
    pub fn of_all(&self, source: &Accuracy, space: &dyn Space, networks: &[Listed]) -> Result<Vec<f64>, Failure> {
        let _work = progress::begin(format!("accuracies of {} networks", networks.len()), 0);
        source.of_all(space, networks).map_err(|error| self.failure(&error))
    }

    /// The failure of networks that the source has no accuracy for.
    fn failure(&self, error: &AccuracyError) -> Failure {
        Failure::Input(format!("{}: {error}", self.name().display()))
    }

    /// Where accuracies are from and of what kind they are, for a summary.
    pub fn told(&self, source: &Accuracy) -> Map<String, Value> {
        let kind = match source {
            Accuracy::Builtin => "score",
            Accuracy::Forest(_) => "forest",
            Accuracy::Table(_) | Accuracy::InOrder(_) => "table",
        };
        let told = json!({"source": self.name().to_string_lossy(), "kind": kind});
        Map::from_iter([("accuracy".to_string(), told)])
    }

    /// What the source gives: `accuracy`, or `score` where it only ranks.
    pub fn measure(&self) -> &'static str {
        if self.name() == BUILTIN { "score" } else { "accuracy" }
    }
}
