//! A page of text, tables and figures: one HTML file that needs no network and suits light and dark screens of any
//! width.

use std::fmt::Write;

use super::plot::{Drawing, Plot, PlotError, escape};
use crate::host::csv_io::write_row;

/// A page of a report.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// What the page is about, in one or two sentences.
    pub summary: String,
    /// Where the results come from, as names and texts.
    pub facts: Vec<(String, String)>,
    /// The sections, in order.
    pub(crate) sections: Vec<Section>,
}

/// A section of a [`Page`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Section {
    /// Its heading.
    pub heading: String,
    /// Paragraphs that say how to read the figures and tables.
    pub text: Vec<String>,
    /// Its figures.
    pub figures: Vec<Figure>,
    /// Its tables, below the figures.
    pub tables: Vec<Table>,
}

/// A figure and the numbers that it is drawn from.
#[derive(Clone, Debug, Default)]
pub struct Figure {
    /// Base name of the figure's files, without extension: letters, digits and hyphens.
    pub id: String,
    /// What the figure shows.
    pub caption: String,
    /// The drawing.
    pub drawing: Drawing,
    /// The numbers as a table.
    pub data: Table,
}

/// Rows and columns.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What the table shows; may be empty.
    pub caption: String,
    /// Headings of the columns.
    pub columns: Vec<String>,
    /// Rows with one cell for each column.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without a caption.
    pub(crate) fn new(columns: &[&str], rows: Vec<Vec<String>>) -> Table {
        Table { caption: String::new(), columns: columns.iter().map(ToString::to_string).collect(), rows }
    }

    /// The table as CSV.
    ///
    /// # Errors
    /// A row does not have as many cells as there are columns.
    pub fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        write_row(&mut writer, &self.columns)?;
        self.rows.iter().try_for_each(|row| write_row(&mut writer, row))?;
        writer.into_inner().map_err(|error| error.into_error().into())
    }
}

impl Page {
    /// The figures of all sections.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.sections.iter().flat_map(|section| &section.figures)
    }

    /// The HTML document. Figures link to `ID.svg`, `ID.pdf` and `ID.csv` in the folder `files` next to it.
    pub fn html(&self, files: &str) -> String {
        let mut html = String::new();
        // Writing to a string does not fail.
        let _ = self.write(&mut html, files);
        html
    }

    fn write(&self, html: &mut String, files: &str) -> std::fmt::Result {
        let title = escape(&self.title);
        writeln!(html, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
        writeln!(html, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
        // An empty icon keeps browsers from requesting one.
        writeln!(html, "<link rel=\"icon\" href=\"data:,\">\n<title>{title}</title>")?;
        writeln!(html, "<style>\n{}</style>\n</head>\n<body>", include_str!("page/style.css"))?;
        writeln!(html, "<header>\n<h1>{title}</h1>\n<p>{}</p>\n<dl>", escape(&self.summary))?;
        for (name, words) in &self.facts {
            writeln!(html, "<dt>{}</dt><dd>{}</dd>", escape(name), escape(words))?;
        }
        html.push_str("</dl>\n</header>\n<main>\n");
        if self.sections.len() > 1 {
            html.push_str("<nav aria-label=\"Contents\"><ul>\n");
            for (place, section) in self.sections.iter().enumerate() {
                writeln!(html, "<li><a href=\"#s{place}\">{}</a></li>", escape(&section.heading))?;
            }
            html.push_str("</ul></nav>\n");
        }
        for (place, section) in self.sections.iter().enumerate() {
            writeln!(html, "<section id=\"s{place}\">\n<h2>{}</h2>", escape(&section.heading))?;
            for text in &section.text {
                writeln!(html, "<p>{}</p>", escape(text))?;
            }
            if !section.figures.is_empty() {
                html.push_str("<div class=\"figures\">\n");
                for figure in &section.figures {
                    figure.write(html, files)?;
                }
                html.push_str("</div>\n");
            }
            for table in &section.tables {
                table.write(html)?;
            }
            html.push_str("</section>\n");
        }
        html.push_str("</main>\n</body>\n</html>\n");
        Ok(())
    }
}

impl Figure {
    /// A plot as a figure.
    pub(super) fn new(id: &str, caption: String, plot: &impl Plot, data: Table) -> Result<Figure, PlotError> {
        Ok(Figure { id: id.to_string(), caption, drawing: plot.drawing()?, data })
    }

    fn write(&self, html: &mut String, files: &str) -> std::fmt::Result {
        let (id, caption) = (escape(&self.id), escape(&self.caption));
        writeln!(html, "<figure id=\"{id}\">\n<div class=\"drawing\" role=\"img\" aria-label=\"{caption}\">")?;
        writeln!(html, "{}</div>", scalable(&self.drawing))?;
        let files = escape(files);
        write!(html, "<figcaption>{caption} <span class=\"links\">")?;
        for (extension, name) in [("svg", "SVG"), ("pdf", "PDF"), ("csv", "CSV")] {
            write!(html, " <a href=\"{files}/{id}.{extension}\">{name}</a>")?;
        }
        writeln!(html, "</span>")?;
        writeln!(html, "</figcaption>\n</figure>")
    }
}

impl Table {
    fn write(&self, html: &mut String) -> std::fmt::Result {
        html.push_str("<div class=\"table\"><table>\n");
        if !self.caption.is_empty() {
            writeln!(html, "<caption><span>{}</span></caption>", escape(&self.caption))?;
        }
        html.push_str("<thead><tr>");
        for (place, column) in self.columns.iter().enumerate() {
            let numbers =
                self.rows.iter().filter_map(|row| row.get(place)).all(|cell| cell.is_empty() || is_number(cell));
            write!(html, "<th scope=\"col\"{}>{}</th>", class(numbers), escape(column))?;
        }
        html.push_str("</tr></thead>\n<tbody>\n");
        for row in &self.rows {
            html.push_str("<tr>");
            for cell in row {
                // A line with worst / median / best may only break after a slash.
                let text = escape(cell).replace(" / ", "&nbsp;/ ");
                write!(html, "<td{}>{text}</td>", class(is_number(cell)))?;
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</tbody>\n</table></div>\n");
        Ok(())
    }
}

/// The maximum number of pixels for a unit of a drawing (a tenth of a millimetre). Drawings made for paper are
/// enlarged on a screen.
const LARGEST: f64 = 0.62;

/// The drawing as an element that is as wide as the page allows, up to a limit.
fn scalable(drawing: &Drawing) -> String {
    let most = f64::from(drawing.size.0) * LARGEST;
    drawing.element().replacen("<svg", &format!("<svg style=\"max-width:{most:.0}px\""), 1)
}

fn class(is_number: bool) -> &'static str {
    if is_number { " class=\"number\"" } else { "" }
}

/// Whether a cell is a number, or has the form worst / median / best.
fn is_number(cell: &str) -> bool {
    let is_one = |part: &str| part == "–" || part.trim_end_matches('%').trim().replace(',', "").parse::<f64>().is_ok();
    cell.split(" / ").all(is_one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_escaped_and_nothing_is_fetched() {
        let data = Table { columns: vec!["x".to_string()], rows: vec![vec!["1".to_string()]], ..Table::default() };
        let figure = Figure {
            id: "a".to_string(),
            caption: "x < y".to_string(),
            drawing: Drawing::new((850, 10)),
            data: data.clone(),
        };
        let section =
            Section { heading: "One".to_string(), figures: vec![figure], tables: vec![data], ..Section::default() };
        let title = "<script>\"&".to_string();
        let page = Page { title, sections: vec![section.clone(), section], ..Page::default() };
        let html = page.html("figures");
        assert!(html.contains("&lt;script&gt;&quot;&amp;"));
        assert!(html.contains("x &lt; y"));
        assert!(html.contains("<svg style=\"max-width:527px\" xmlns"));
        assert!(["svg", "pdf", "csv"].iter().all(|extension| html.contains(&format!("figures/a.{extension}"))));
        for foreign in ["http://", "https://", "<script", "@import"] {
            let own = html.replace("http://www.w3.org/2000/svg", "");
            assert!(!own.contains(foreign), "{foreign}");
        }
        assert_eq!(page.figures().count(), 2);
        assert_eq!(page.sections[0].tables[0].csv().unwrap(), b"x\n1\n");
    }
}
