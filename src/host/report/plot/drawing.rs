//! The shapes of a plot, independent of any file format.

use std::convert::Infallible;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontTransform,
};

use super::font;

/// A plot as a list of shapes; later ones cover earlier ones. Coordinates are in tenths of a millimetre from the
/// upper left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// Width and height.
    pub size: (u32, u32),
    /// The shapes, in drawing order.
    pub(super) shapes: Vec<Shape>,
}

/// A colour: red, green and blue, and its opacity (`alpha`, 0 to 1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Paint {
    pub rgb: (u8, u8, u8),
    pub alpha: f64,
}

/// A shape of a drawing.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// A line through points, with its width.
    Line(Vec<BackendCoord>, Paint, u32),
    /// A filled polygon with these corners.
    Area(Vec<BackendCoord>, Paint),
    /// A rectangle: its upper left, width and height.
    Box(BackendCoord, (i32, i32), Paint),
    /// A disc with its centre and radius; or a ring, with the width of its line.
    Circle(BackendCoord, u32, Paint, Option<u32>),
    /// A text. It is boxed because texts are few, and larger than the other shapes.
    Words(Box<Words>),
}

/// A line of text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Words {
    pub text: String,
    /// The point on the baseline where the text starts, ends or has its middle, as `anchor` says.
    pub at: (f64, f64),
    pub anchor: Anchor,
    /// Rotation in quarter turns, clockwise.
    pub turns: u8,
    /// The size of an em, in units.
    pub em: f64,
    pub paint: Paint,
}

/// Which part of the text lies at its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Words {
    /// The point on the baseline where the first letter begins.
    pub fn start(&self) -> (f64, f64) {
        let width = font::width(&self.text) * self.em;
        let before = match self.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => width / 2.0,
            Anchor::End => width,
        };
        let (cos, sin) = self.direction();
        (self.at.0 - cos * before, self.at.1 - sin * before)
    }

    /// The unit vector along which the text is read.
    pub fn direction(&self) -> (f64, f64) {
        [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)][usize::from(self.turns % 4)]
    }
}

impl Drawing {
    /// An empty drawing.
    pub(crate) fn new(size: (u32, u32)) -> Drawing {
        Drawing { size, shapes: Vec::new() }
    }

    /// All texts, in drawing order.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.shapes.iter().filter_map(|shape| match shape {
            Shape::Words(words) => Some(words.text.as_str()),
            _ => None,
        })
    }
}

/// A canvas that records the shapes that are drawn on it.
pub(super) struct Recorder<'a>(&'a mut Drawing);

impl Recorder<'_> {
    pub fn new(drawing: &mut Drawing) -> Recorder<'_> {
        Recorder(drawing)
    }

    fn add(&mut self, shape: Shape) -> Result<(), DrawingErrorKind<Infallible>> {
        self.0.shapes.push(shape);
        Ok(())
    }
}

impl From<BackendColor> for Paint {
    fn from(color: BackendColor) -> Paint {
        Paint { rgb: color.rgb, alpha: color.alpha }
    }
}

type Done = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Recorder<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.0.size
    }

    fn ensure_prepared(&mut self) -> Done {
        Ok(())
    }

    fn present(&mut self) -> Done {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> Done {
        self.add(Shape::Box(at, (1, 1), color.into()))
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Done {
        self.draw_path([from, to], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Done {
        self.add(Shape::Line(path.into_iter().collect(), style.color().into(), style.stroke_width()))
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, fill: bool) -> Done {
        if fill {
            return self.add(Shape::Box(from, (to.0 - from.0, to.1 - from.1), style.color().into()));
        }
        self.draw_path([from, (to.0, from.1), to, (from.0, to.1), from], style)
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, radius: u32, style: &S, fill: bool) -> Done {
        let ring = (!fill).then(|| style.stroke_width());
        self.add(Shape::Circle(centre, radius, style.color().into(), ring))
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, corners: I, style: &S) -> Done {
        self.add(Shape::Area(corners.into_iter().collect(), style.color().into()))
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Done {
        let turns = match style.transform() {
            FontTransform::None => 0,
            FontTransform::Rotate90 => 1,
            FontTransform::Rotate180 => 2,
            FontTransform::Rotate270 => 3,
        };
        let anchor = match style.anchor().h_pos {
            HPos::Left => Anchor::Start,
            HPos::Center => Anchor::Middle,
            HPos::Right => Anchor::End,
        };
        let em = style.size() / font::HEIGHT;
        let below = match style.anchor().v_pos {
            VPos::Top => font::CAPITAL,
            VPos::Center => font::CAPITAL / 2.0,
            VPos::Bottom => -font::DESCENT,
        };
        let mut words =
            Words { text: text.to_string(), at: (0.0, 0.0), anchor, turns, em, paint: style.color().into() };
        let (cos, sin) = words.direction();
        words.at = (f64::from(at.0) - sin * below * em, f64::from(at.1) + cos * below * em);
        self.add(Shape::Words(Box::new(words)))
    }
}
