//! Convolutions, plain, quantised and transposed.

use super::super::call::{Call, Does, Inferred, Part, Problem};
use super::super::tensor::{Element, shown};
use crate::host::model::{Window, Work};

/// How a filter slides along each spatial dimension.
pub struct Sliding {
    pub stride: Vec<u64>,
    pub dilation: Vec<u64>,
    /// Padding at the start of each dimension.
    pub before: Vec<u64>,
    /// Padding at the end of each dimension.
    pub after: Vec<u64>,
}

/// How the padding is determined.
#[derive(Clone, Copy, PartialEq)]
pub enum Auto {
    /// The attribute `pads` gives the padding.
    No,
    /// There is no padding.
    Valid,
    /// The padding is such that the output is the input divided by the stride, rounded up. An odd element goes to the
    /// end.
    Upper,
    /// Like `Upper`, but an odd element goes to the start.
    Lower,
}

impl Sliding {
    /// Strides, dilations and padding of an operator with `spatial` spatial dimensions.
    pub fn of(call: &Call, spatial: usize) -> Result<(Sliding, Auto), Problem> {
        let positive = |name: &str| match call.list(name).filter(|list| !list.is_empty()) {
            None => Ok(vec![1; spatial]),
            Some(list) => numbers(name, list, spatial, 1),
        };
        let pads = match call.list("pads").filter(|list| !list.is_empty()) {
            None => vec![0; 2 * spatial],
            Some(list) if list.iter().any(|&pad| pad < 0) => {
                return Err(Problem::Unsupported("negative pads are not costed".to_string()));
            }
            Some(list) => numbers("pads", list, 2 * spatial, 0)?,
        };
        let auto = match call.text("auto_pad").as_deref() {
            None | Some("" | "NOTSET") => Auto::No,
            Some("VALID") => Auto::Valid,
            Some("SAME_UPPER") => Auto::Upper,
            Some("SAME_LOWER") => Auto::Lower,
            Some(other) => return Err(Problem::Bad(format!("auto_pad is '{other}'"))),
        };
        let explicit = auto == Auto::No;
        let (before, after) = pads.split_at(spatial);
        let taken = |pads: &[u64]| if explicit { pads.to_vec() } else { vec![0; spatial] };
        let (before, after) = (taken(before), taken(after));
        Ok((Sliding { stride: positive("strides")?, dilation: positive("dilations")?, before, after }, auto))
    }

    /// The extent that a filter covers with its dilation.
    pub fn spread(&self, i: usize, filter: u64) -> Result<u64, Problem> {
        let spread = filter.checked_sub(1).and_then(|gaps| gaps.checked_mul(self.dilation[i])?.checked_add(1));
        spread.filter(|&spread| spread <= 1 << 40).ok_or_else(|| Problem::Bad(format!("a filter of {filter} elements")))
    }

    /// Splits the padding of a dimension between its start and its end.
    pub fn share(&mut self, i: usize, total: u64, auto: Auto) {
        let (less, more) = (total / 2, total - total / 2);
        (self.before[i], self.after[i]) = if auto == Auto::Upper { (less, more) } else { (more, less) };
    }

    /// The output extents of a filter over an input. Sets the padding if it is determined automatically.
    pub fn outputs(&mut self, input: &[u64], filter: &[u64], auto: Auto, ceil: bool) -> Result<Vec<u64>, Problem> {
        let mut outputs = Vec::with_capacity(input.len());
        for (i, (&input, &filter)) in input.iter().zip(filter).enumerate() {
            let (stride, spread) = (self.stride[i], self.spread(i, filter)?);
            if matches!(auto, Auto::Upper | Auto::Lower) {
                let output = input.div_ceil(stride);
                let needed = output.saturating_sub(1).saturating_mul(stride).saturating_add(spread);
                self.share(i, needed.saturating_sub(input), auto);
                outputs.push(output);
                continue;
            }
            let padded = input.saturating_add(self.before[i]).saturating_add(self.after[i]);
            let Some(room) = padded.checked_sub(spread) else {
                return Err(Problem::Bad(format!(
                    "a filter that spans {spread} elements, larger than its padded input of {padded}"
                )));
            };
            let mut output = if ceil { room.div_ceil(stride) } else { room / stride } + 1;
            // No window starts in the padding after the input.
            if ceil && output > 1 && (output - 1).saturating_mul(stride) >= input.saturating_add(self.before[i]) {
                output -= 1;
            }
            outputs.push(output);
        }
        Ok(outputs)
    }
}

/// The numbers of an attribute. There must be `count` of them, and each must be at least `least`.
pub fn numbers(name: &str, list: &[i64], count: usize, least: u64) -> Result<Vec<u64>, Problem> {
    let bad = || Problem::Bad(format!("{name} is {list:?}, expected {count} numbers from {least} to 2^32"));
    if list.len() != count {
        return Err(bad());
    }
    let number = |&value: &i64| u64::try_from(value).ok().filter(|&value| value >= least && value <= 1 << 32);
    list.iter().map(number).collect::<Option<_>>().ok_or_else(bad)
}

/// The shapes of a convolution's input and filter.
struct Shapes<'c> {
    /// The input's shape with the channels second.
    input: Vec<u64>,
    filter: &'c [u64],
    groups: u64,
    quantised: bool,
}

fn shapes<'c>(call: &'c Call) -> Result<Shapes<'c>, Problem> {
    // In a quantised convolution, the scale and zero point of the input come before the filter.
    let quantised = call.op() == "QLinearConv";
    let input = call.shape_of_rank(0, 3)?;
    let filter = call.shape_of_rank(if quantised { 3 } else { 1 }, 3)?;
    if input.len() != filter.len() {
        return Err(Problem::Bad(format!("an input of {} under a filter of {}", shown(input), shown(filter))));
    }
    if filter.contains(&0) {
        return Err(Problem::Bad(format!("a filter of {} has no elements", shown(filter))));
    }
    if let Some(kernel) = call.list("kernel_shape").filter(|kernel| !kernel.is_empty())
        && numbers("kernel_shape", kernel, filter.len() - 2, 1)? != filter[2..]
    {
        return Err(Problem::Bad(format!("kernel_shape is {kernel:?}, but the filter is {}", shown(filter))));
    }
    let mut input = input.to_vec();
    if channels_last(call) {
        input[1..].rotate_right(1);
    }
    Ok(Shapes { input, filter, groups: call.count("group")?.unwrap_or(1), quantised })
}

/// Whether the channels are the last dimension, as in convolutions that ONNX Runtime has rewritten.
fn channels_last(call: &Call) -> bool {
    call.flag("channels_last") || call.op().starts_with("Nhwc")
}

/// `DeformConv`. Another input says where each element of the window is read. The work is that of a convolution.
pub fn deformed(call: &Call) -> Result<Inferred, Problem> {
    let mut inferred = conv(call)?;
    if let Does::Parts(parts) = &mut inferred.does {
        parts.iter_mut().for_each(|part| part.notes.push(("deformed", "1".to_string())));
    }
    Ok(inferred)
}

/// `Conv`, `ConvInteger`, `QLinearConv` and `DeformConv`.
pub fn conv(call: &Call) -> Result<Inferred, Problem> {
    let Shapes { input, filter, groups, quantised } = shapes(call)?;
    let (mut sliding, auto) = Sliding::of(call, input.len() - 2)?;
    if filter[1].checked_mul(groups) != Some(input[1]) || !filter[0].is_multiple_of(groups) {
        return Err(Problem::Bad(format!(
            "an input of {} channels, a filter of {} and {groups} groups do not match",
            input[1],
            shown(filter)
        )));
    }
    let extents = sliding.outputs(&input[2..], &filter[2..], auto, false)?;
    let shape = [&[input[0], filter[0]], &extents[..]].concat();
    let element = match call.op() {
        "ConvInteger" => Element::INT32,
        "QLinearConv" => call.given(7).map_or(Element::INT8, |zero| zero.element),
        _ => call.input(0)?.element,
    };
    let mut written = shape.clone();
    if channels_last(call) {
        written[1..].rotate_left(1);
    }
    let output = call.output(element, &written)?;
    let window = window(&input, &shape, &filter[2..], &sliding, groups);
    let (weights, bias) = match call.op() {
        _ if quantised => (3, 8),
        "DeformConv" => (1, 3),
        _ => (1, 2),
    };
    part(call, window.map(Work::Conv), weights, if call.op() == "ConvInteger" { None } else { Some(bias) })
        .map(|part| Inferred::work(part, vec![output]))
}

/// `ConvTranspose`.
pub fn transposed(call: &Call) -> Result<Inferred, Problem> {
    let Shapes { input, filter, groups, .. } = shapes(call)?;
    let spatial = input.len() - 2;
    let (mut sliding, auto) = Sliding::of(call, spatial)?;
    if filter[0] != input[1] || !filter[0].is_multiple_of(groups) {
        return Err(Problem::Bad(format!(
            "an input of {} channels, a filter of {} and {groups} groups do not match",
            input[1],
            shown(filter)
        )));
    }
    let extra = match call.list("output_padding").filter(|list| !list.is_empty()) {
        None => vec![0; spatial],
        Some(list) => numbers("output_padding", list, spatial, 0)?,
    };
    let wanted = match call.list("output_shape").filter(|list| !list.is_empty()) {
        None => None,
        // Some exporters include batch and channels.
        Some(list) if list.len() == spatial + 2 => Some(numbers("output_shape", &list[2..], spatial, 1)?),
        Some(list) => Some(numbers("output_shape", list, spatial, 1)?),
    };
    let mut extents = Vec::with_capacity(spatial);
    for i in 0..spatial {
        let steps = input[2 + i].checked_sub(1).ok_or_else(|| Problem::Bad("an input without elements".to_string()))?;
        let spread = sliding.spread(i, filter[2 + i])?;
        let full =
            steps.checked_mul(sliding.stride[i]).and_then(|full| full.checked_add(spread)?.checked_add(extra[i]));
        let full = full.ok_or_else(|| Problem::Bad("an output beyond 2^64 elements".to_string()))?;
        let wanted = match (&wanted, auto) {
            (Some(wanted), _) => Some(wanted[i]),
            (None, Auto::Upper | Auto::Lower) => Some(input[2 + i].saturating_mul(sliding.stride[i])),
            (None, _) => None,
        };
        extents.push(match wanted {
            Some(wanted) => {
                sliding.share(i, full.saturating_sub(wanted), auto);
                wanted
            }
            None => full
                .checked_sub(sliding.before[i].saturating_add(sliding.after[i]))
                .filter(|&e| e > 0)
                .ok_or_else(|| {
                    Problem::Bad(format!("an output of {full} elements before as much or more is cut off by padding"))
                })?,
        });
    }
    let outputs = filter[1].checked_mul(groups).ok_or_else(|| Problem::Bad(format!("{groups} groups")))?;
    let shape = [&[input[0], outputs], &extents[..]].concat();
    let output = call.like(0, &shape)?;
    let window = window(&input, &shape, &filter[2..], &sliding, groups);
    part(call, window.map(Work::Transposed), 1, Some(2)).map(|part| Inferred::work(part, vec![output]))
}

/// The window over rows and columns; `None` if there are more spatial dimensions.
pub fn window(input: &[u64], output: &[u64], filter: &[u64], sliding: &Sliding, groups: u64) -> Option<Window> {
    let plane = |values: &[u64], missing: u64| match *values {
        [columns] => Some([missing, columns]),
        [rows, columns] => Some([rows, columns]),
        _ => None,
    };
    let before = plane(&sliding.before, 0)?;
    let after = plane(&sliding.after, 0)?;
    Some(Window {
        n: input[0],
        k: output[1],
        c: input[1],
        filter: plane(filter, 1)?,
        input: plane(&input[2..], 1)?,
        output: plane(&output[2..], 1)?,
        stride: plane(&sliding.stride, 1)?,
        dilation: plane(&sliding.dilation, 1)?,
        groups,
        pads: [before[0], after[0], before[1], after[1]],
    })
}

fn part(call: &Call, work: Option<Work>, weights: usize, bias: Option<usize>) -> Result<Part, Problem> {
    let parameters = call.parameters_in(&[&[weights][..], bias.as_slice()].concat());
    let Some(work) = work else {
        let why = format!("{} over more than two dimensions is not costed", call.op());
        return Ok(Part::new("", Work::Unsupported { why }, parameters));
    };
    let mut part = Part::new("", work, parameters);
    let biased = bias.is_some_and(|bias| call.given(bias).is_some());
    part.notes.push(("bias", u64::from(biased).to_string()));
    part.notes.push(("weights", if call.constant(weights) { "const" } else { "activation" }.to_string()));
    if call.constant(weights) {
        part.notes.push(("weight_tensor", call.node.input[weights].replace([',', ';', '"'], "_")));
    }
    Ok(part)
}
