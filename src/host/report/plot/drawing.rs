//! What a plot consists of, before it is written in any format.

use std::convert::Infallible;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontTransform,
};

use super::font;

/// A plot as shapes, the last one on top. Places are in tenths of a millimetre from the upper left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// Width and height.
    pub size: (u32, u32),
    /// What is drawn.
    pub(super) shapes: Vec<Shape>,
}

/// A colour: red, green and blue, and how little shines through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Paint {
    pub rgb: (u8, u8, u8),
    pub alpha: f64,
}

/// Something that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// A line through points, so wide.
    Line(Vec<BackendCoord>, Paint, u32),
    /// What is within corners.
    Area(Vec<BackendCoord>, Paint),
    /// A rectangle: its upper left, width and height.
    Box(BackendCoord, (i32, i32), Paint),
    /// A disc, or a ring so wide.
    Circle(BackendCoord, u32, Paint, Option<u32>),
    /// Words. They are boxed: there are few of them, and they are larger than the other shapes.
    Words(Box<Words>),
}

/// A line of text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Words {
    pub text: String,
    /// On the line on which letters stand: where they begin, end or have their middle.
    pub at: (f64, f64),
    pub anchor: Anchor,
    /// Quarters of a turn, clockwise.
    pub turns: u8,
    /// Units of an em.
    pub em: f64,
    pub paint: Paint,
}

/// What of a text is at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Words {
    /// Where the first letter begins.
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

    /// The direction in which it is read.
    pub fn direction(&self) -> (f64, f64) {
        [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)][usize::from(self.turns % 4)]
    }
}

impl Drawing {
    /// Nothing yet.
    pub(crate) fn new(size: (u32, u32)) -> Drawing {
        Drawing { size, shapes: Vec::new() }
    }

    /// Everything that is written in it, in the order in which it is drawn.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.shapes.iter().filter_map(|shape| match shape {
            Shape::Words(words) => Some(words.text.as_str()),
            _ => None,
        })
    }
}

/// A canvas that keeps what is drawn on it.
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
