//! Operators whose window slides over rows and columns.

use super::call::Call;
use super::dimensions::{size, unknown_size};
use super::fact::{Fault, MAX_SIZE, crossed};
use super::meaning::{Meaning, notes, weighted, works};
use super::names;
use crate::host::model::{Window, Work};

pub fn conv(call: &Call) -> Result<Meaning, Fault> {
    let ([n, y, x, c], [k, r, s, of_group]) = (call.shape_of(0)?, call.shape_of(1)?);
    let groups = match c.checked_rem(of_group) {
        Some(0) => c / of_group,
        _ => return Err(format!("its filters have {of_group} input channels, its input {c}").into()),
    };
    let stride = [call.size(2, 0, "stride along rows")?, call.size(1, 0, "stride along columns")?];
    let dilation = [call.size(5, 1, "dilation along rows")?, call.size(4, 1, "dilation along columns")?];
    let window = Sliding { padding: call.byte(0)?, input: [y, x], filter: [r, s], stride, dilation };
    let window = window.window(n, k, c, groups)?;
    weighted(call, Work::Conv(window), Some(call.byte(0)?), call.byte(3)?, None)
}

pub fn depthwise(call: &Call) -> Result<Meaning, Fault> {
    let ([n, y, x, c], [_, r, s, k]) = (call.shape_of(0)?, call.shape_of(1)?);
    let multiplier = match k.checked_rem(c) {
        Some(0) => k / c,
        _ => return Err(format!("{k} output channels are no multiple of {c} input channels").into()),
    };
    let stride = [call.size(2, 0, "stride along rows")?, call.size(1, 0, "stride along columns")?];
    let dilation = [call.size(6, 1, "dilation along rows")?, call.size(5, 1, "dilation along columns")?];
    let window = Sliding { padding: call.byte(0)?, input: [y, x], filter: [r, s], stride, dilation };
    let window = window.window(n, k, c, c)?;
    weighted(call, Work::Conv(window), Some(call.byte(0)?), call.byte(4)?, Some(("depth_multiplier", multiplier)))
}

/// A transposed convolution. Its input has the size of the output of the convolution that it transposes, and its
/// output has the size of that convolution's input.
pub fn transposed(call: &Call) -> Result<Meaning, Fault> {
    let stride = [call.size(2, 0, "stride along rows")?, call.size(1, 0, "stride along columns")?];
    backward(call, 2, call.byte(0)?, stride, transposed_output(call)?)
}

/// MediaPipe's `Convolution2DTransposeBias`: a transposed convolution whose data is the first input, and whose output
/// size follows from its padding.
pub fn transposed_with_bias(call: &Call) -> Result<Meaning, Fault> {
    let (&[padding, columns, rows, ..], [_, y, x, _]) = (&call.op.custom_options[..], call.shape_of(0)?) else {
        return Err("its options are not padding and strides".into());
    };
    let stride = [rows, columns].map(|stride| u64::try_from(stride).ok().filter(|&stride| stride > 0));
    let ([Some(rows), Some(columns)], [_, r, s, _]) = (stride, call.shape_of(1)?) else {
        return Err(format!("strides are {rows} and {columns}; expected 1 or more").into());
    };
    // In these options, padding 1 is SAME and 2 is VALID.
    let extent = |input: u64, stride: u64, filter: u64| {
        let extent = match padding {
            1 => input.checked_mul(stride),
            _ => input.saturating_sub(1).checked_mul(stride).and_then(|extent| extent.checked_add(filter)),
        };
        extent.filter(|&extent| extent <= MAX_SIZE).ok_or_else(|| Fault::from("its output is too large"))
    };
    let padding = u8::try_from(padding).ok().and_then(|padding| padding.checked_sub(1)).unwrap_or(u8::MAX);
    backward(call, 0, padding, [rows, columns], [extent(y, rows, r)?, extent(x, columns, s)?])
}

/// A transposed convolution of input number `data` to an output with these rows and columns.
fn backward(call: &Call, data: usize, padding: u8, stride: [u64; 2], output: [u64; 2]) -> Result<Meaning, Fault> {
    let ([k, r, s, of_filter], [n, y, x, c]) = (call.shape_of(1)?, call.shape_of(data)?);
    if of_filter != c {
        return Err(format!("its filters have {of_filter} input channels, its input {c}").into());
    }
    let forward = Sliding { padding, input: output, filter: [r, s], stride, dilation: [1, 1] };
    let forward = forward.window(n, c, k, 1)?;
    if forward.output != [y, x] {
        let ([y, x], [rows, columns]) = (output, forward.output);
        let what =
            format!("an output of {y}x{x} takes an input of {rows}x{columns}, which is {}", crossed(call.shape(data)?));
        return Err(what.into());
    }
    let window = Window { k, c, input: [y, x], output, ..forward };
    weighted(call, Work::Transposed(window), Some(padding), call.byte(3)?, None)
}

/// The rows and columns of the output, which an input gives.
pub fn transposed_output(call: &Call) -> Result<[u64; 2], Fault> {
    if let Some(&[_, y, x, _]) = call.values(0)?.as_deref() {
        return Ok([size(y)?, size(x)?]);
    }
    match call.stated()? {
        Some(&[_, y, x, _]) => Ok([y, x]),
        _ => Err(unknown_size()),
    }
}

pub fn pool(call: &Call) -> Result<Meaning, Fault> {
    let window = pooled(call)?;
    let mut notes = notes(call, 0)?;
    notes.push(("padding", names::padding(call.byte(0)?)?.to_string()));
    notes.push(("fused", names::activation(call.byte(5)?).to_string()));
    works(Work::Pool(window), 0, notes)
}

/// The window of a pool.
pub fn pooled(call: &Call) -> Result<Window, Fault> {
    let [n, y, x, c] = call.shape_of(0)?;
    let stride = [call.size(2, 0, "stride along rows")?, call.size(1, 0, "stride along columns")?];
    let filter = [call.size(4, 0, "height of the window")?, call.size(3, 0, "width of the window")?];
    let window = Sliding { padding: call.byte(0)?, input: [y, x], filter, stride, dilation: [1, 1] };
    window.window(n, c, c, c)
}

/// A window before its padding is known.
struct Sliding {
    padding: u8,
    input: [u64; 2],
    filter: [u64; 2],
    stride: [u64; 2],
    dilation: [u64; 2],
}

impl Sliding {
    fn window(&self, n: u64, k: u64, c: u64, groups: u64) -> Result<Window, Fault> {
        let &Sliding { input, filter, stride, dilation, .. } = self;
        let (y, top, bottom) = self.along(0)?;
        let (x, left, right) = self.along(1)?;
        Ok(Window {
            n,
            k,
            c,
            filter,
            input,
            output: [y, x],
            stride,
            dilation,
            groups,
            pads: [top, bottom, left, right],
        })
    }

    /// The output extent, and the padding before and after, along rows or columns.
    fn along(&self, axis: usize) -> Result<(u64, u64, u64), Fault> {
        let [input, filter, stride, dilation] =
            [self.input, self.filter, self.stride, self.dilation].map(|pair| pair[axis]);
        if filter == 0 {
            return Err("its filter has no elements".into());
        }
        // All numbers have at most 31 bits, so this does not overflow.
        let reach = (filter - 1) * dilation + 1;
        if names::padding(self.padding)? == "SAME" {
            let output = input.div_ceil(stride);
            let pads = (output.saturating_sub(1) * stride + reach).saturating_sub(input);
            return Ok((output, pads / 2, pads - pads / 2));
        }
        match input.checked_sub(reach) {
            Some(rest) => Ok((rest / stride + 1, 0, 0)),
            None => Err(format!("its window spans {reach}, its unpadded input has {input}").into()),
        }
    }
}
