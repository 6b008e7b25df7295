//! Cycles of transfers and of steps, and what the cycles wait for.

/// A NoC or another channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Bytes per cycle; `None` if there is no limit.
    pub bandwidth: Option<u64>,
    /// Cycles until the first byte arrives.
    pub latency: u64,
}

impl Transfer {
    /// Cycles to move `bits` bits.
    pub fn cycles(&self, bits: u64) -> u64 {
        match self.bandwidth {
            _ if bits == 0 => 0,
            None => self.latency,
            Some(bandwidth) => self.latency + bits.div_ceil(8 * bandwidth) - 1,
        }
    }
}

/// Cycles spent waiting for compute, NoC in and NoC out.
pub type Wait = [u64; 3];

/// Cycles by what they wait for: with the array's buffers, and if nothing overlaps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    pub given: Wait,
    pub serial: Wait,
}

/// The sum of the cycles.
pub fn total(wait: Wait) -> u64 {
    wait.iter().sum()
}

impl Timing {
    /// `cycles` cycles of compute.
    pub fn compute(cycles: u64) -> Timing {
        Timing { given: [cycles, 0, 0], serial: [cycles, 0, 0] }
    }

    /// `cycles` cycles of egress.
    pub fn egress(cycles: u64) -> Timing {
        Timing { given: [0, 0, cycles], serial: [0, 0, cycles] }
    }

    /// This, and `next` after it.
    pub fn then(self, next: Timing) -> Timing {
        let add = |a: Wait, b: Wait| [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
        Timing { given: add(self.given, next.given), serial: add(self.serial, next.serial) }
    }

    /// The slower of two that run at the same time; `self` if both take as long.
    pub fn slower(self, other: Timing) -> Timing {
        let slower = |a: Wait, b: Wait| if total(b) > total(a) { b } else { a };
        Timing { given: slower(self.given, other.given), serial: slower(self.serial, other.serial) }
    }

    /// A step whose slowest sub-cluster takes `self`. The very first load is not hidden; with single buffers, no
    /// transfer is.
    pub fn step(self, ingress: u64, egress: u64, first: bool, buffers: u64) -> Timing {
        let one_by_one = |[compute, inner_in, inner_out]: Wait| [compute, inner_in + ingress, inner_out + egress];
        let at_once = |compute: Wait| match total(compute) {
            compute_cycles if compute_cycles >= ingress.max(egress) => compute,
            _ if ingress >= egress => [0, ingress, 0],
            _ => [0, 0, egress],
        };
        let given = if first || buffers == 1 { one_by_one(self.given) } else { at_once(self.given) };
        Timing { given, serial: one_by_one(self.serial) }
    }
}
