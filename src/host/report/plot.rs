//! Plots as SVG, PDF and PNG in the size in which papers print them: one column wide, with letters of 7 points. The
//! files contain the letters, so no font needs to be installed where they are shown.
//!
//! ```text
//! xy, bars, heatmap ─> canvas ─> Drawing ─> svg, pdf
//!                            └────────────> PNG
//! ```

mod axis;
pub mod bars;
mod canvas;
mod drawing;
mod error;
mod font;
pub mod heatmap;
mod pdf;
mod style;
mod svg;
pub mod xy;

pub use canvas::Plot;
pub use drawing::Drawing;
pub use error::PlotError;
pub(crate) use svg::escape;
pub use xy::XyPlot;

#[cfg(test)]
mod tests {
    use super::Plot;
    use super::bars::Bars;

    fn bars() -> Bars {
        Bars { rows: vec![("a & b".to_string(), 1.0, "1 (5%)".to_string())] }
    }

    #[test]
    fn figures_are_a_column_wide_and_carry_their_letters() {
        let drawing = bars().drawing().unwrap();
        let svg = drawing.svg().unwrap();
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"85mm\""), "{svg}");
        assert!(!svg.contains("<text") && svg.contains("aria-label=\"a &amp; b\""), "{svg}");
        // The SVG defines each distinct letter once: a b & 1 5 ( ) %. A space has no outline.
        assert_eq!((svg.matches("<path id=\"g").count(), svg.matches("<use ").count()), (8, 8), "{svg}");
        let pdf = drawing.pdf("Bars").unwrap();
        let text = String::from_utf8_lossy(&pdf);
        assert!(text.starts_with("%PDF-") && text.trim_end().ends_with("%%EOF"));
        // 85 mm in points, and the embedded part of the font.
        for word in ["/Count 1", "/MediaBox [0 0 240.94", "/FontFile2", "/Length1", "/ToUnicode", "(Bars)"] {
            assert!(text.contains(word), "{word}: {text}");
        }
        assert!(pdf.len() < 20_000, "{}", pdf.len());
        assert_eq!(pdf, drawing.pdf("Bars").unwrap());
    }
}
