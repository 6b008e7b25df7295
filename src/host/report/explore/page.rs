//! Shows the results of an exploration as plots and as a page.

use super::{COLUMNS, Found, MOST_ROWS, some};
use crate::host::explore::{Design, Objective};
use crate::host::report::page::{Figure, Page, Section, Table};
use crate::host::report::plot::PlotError;
use crate::host::report::plot::xy::{Look, Series, XyPlot};
use crate::host::report::table::grouped;
use crate::host::search::pareto::Archive;

/// The objectives on the axes of a plot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axes {
    /// The objective along x.
    pub x: Objective,
    /// The objective along y.
    pub y: Objective,
}

impl Found<'_> {
    fn figure_of(&self, design: &Design, objective: Objective) -> Option<f64> {
        match objective {
            Objective::Latency => Some(self.ms(design)),
            Objective::Energy => Some(design.energy),
            Objective::Edp => Some(design.energy * design.cycles as f64),
            Objective::Area => design.silicon.map(|[area, _]| area / 1e6),
            Objective::Power => design.silicon.map(|[_, power]| power),
        }
    }

    /// Plots the front in two figures, with a series for each dataflow, and the front in these two figures alone.
    pub fn plot(&self, axes: Axes) -> XyPlot<'static> {
        let Axes { x, y } = axes;
        let of = |design: &Design| Some([self.figure_of(design, x)?, self.figure_of(design, y)?]);
        let mut series: Vec<Series> = Vec::new();
        for (style, name) in self.dataflows.iter().enumerate() {
            let own = self.explored.front.iter().filter(|design| design.dataflow == style);
            let points = own.filter_map(of).collect();
            series.push(Series { name: (*name).to_string(), points, look: Look::Cloud, style });
        }
        let mut best = Archive::new();
        self.explored.front.iter().filter_map(of).for_each(|point| best.add(point.to_vec(), point));
        let mut points: Vec<[f64; 2]> = best.items.into_iter().map(|(_, point)| point).collect();
        points.sort_by(|a, b| a[0].total_cmp(&b[0]));
        let style = series.len();
        series.push(Series { name: "front of the two".to_string(), points, look: Look::Line, style });
        XyPlot { x: title(x), y: title(y), log_x: true, log_y: true, series }
    }

    /// All results as a page.
    ///
    /// # Errors
    /// A plot cannot be drawn.
    pub fn page(&self) -> Result<Page, PlotError> {
        let front = &self.explored.front;
        let mut went = vec![vec!["compared in all figures".to_string(), grouped(self.explored.tally.costed)]];
        went.extend(self.ruled_out().into_iter().map(|(why, count)| vec![why, grouped(count)]));
        let mut figures = Vec::new();
        let drawn: Vec<Objective> =
            Objective::ALL.into_iter().filter(|own| *own != Objective::Edp || self.objectives.contains(own)).collect();
        for (place, &x) in drawn.iter().enumerate() {
            for &y in &drawn[place + 1..] {
                if front.iter().all(|design| self.figure_of(design, x).and(self.figure_of(design, y)).is_none()) {
                    continue;
                }
                let figure =
                    |design: &Design, of| self.figure_of(design, of).map_or(String::new(), |figure| figure.to_string());
                let row = |design: &Design| vec![design.id.to_string(), figure(design, x), figure(design, y)];
                let data = Table::new(&["id", title(x), title(y)], front.iter().map(row).collect());
                let caption = format!("{} against {} of the designs on the front", title(y), title(x));
                let id = format!("{}-{}", x.name(), y.name());
                figures.push(Figure::new(&id, caption, &self.plot(Axes { x, y }), data)?);
            }
        }
        let shown = some(front, MOST_ROWS[1]).map(|design| self.row(design)).collect();
        let caption = match front.len() {
            count if count > MOST_ROWS[1] => format!("Some of {} designs; front.csv has all", grouped(count as u64)),
            count => format!("All {} designs", grouped(count as u64)),
        };
        let section = |heading: &str, text: &str| Section {
            heading: heading.to_string(),
            text: vec![text.to_string()],
            ..Section::default()
        };
        let fact = |name: &str, words: String| (name.to_string(), words);
        Ok(Page {
            title: format!("{}: designs on the front of {}", self.network, self.names()),
            summary: format!("{}. {} are on the front.", self.extent(), grouped(front.len() as u64)),
            facts: vec![
                fact("dataflows", self.dataflows.join(", ")),
                fact("clock", format!("{} MHz", self.clock_mhz)),
                fact("technology", self.technology.join(": ")),
                fact("model", self.model().to_string()),
            ],
            sections: vec![
                Section {
                    tables: vec![Table::new(&["designs that are", "number"], went)],
                    ..section("Where designs went", "Each design is counted once.")
                },
                Section {
                    figures,
                    ..section(
                        "The front, two figures at a time",
                        "A point is a design that no other is as good as in all that counts.",
                    )
                },
                Section {
                    tables: vec![Table { caption, ..Table::new(&COLUMNS, shown) }],
                    ..section("Designs", "A hyphen means no limit; same is the number of designs with these figures.")
                },
            ],
        })
    }
}

/// The title of an axis.
fn title(objective: Objective) -> &'static str {
    match objective {
        Objective::Latency => "latency, ms",
        Objective::Energy => "energy, nJ",
        Objective::Area => "area, mm^2",
        Objective::Power => "power, mW",
        Objective::Edp => "EDP, nJ x cycles",
    }
}
