//! Lower bounds of energy.

use super::super::space::Axis;
use super::exchange::Exchanged;
use super::offchip::Moved;
use super::sweeps::{Flows, Sweeps};
use super::{Bounds, Laid, Level};

/// What L2 and level 1 exchange.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Supply {
    /// Bits of accesses to L2, without those of off-chip transfers.
    l2: f64,
    /// Elements: inputs and filter elements that arrive at sub-clusters, outputs that leave them, and partial sums
    /// that come back.
    arrived: [f64; 2],
    left: f64,
    psums: f64,
    /// Outputs that enter a cluster for the first time, and so without a partial sum.
    begun: f64,
}

/// What clusters and their PEs exchange.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inside {
    /// Elements of input and filter that are read from the buffers of clusters, and outputs that are written to them,
    /// as far as this follows from the tiles of level 2.
    reads: [f64; 2],
    writes: f64,
    /// For each tensor: the number of PEs that get an element that is read once, or that give one that is written
    /// once.
    members: [f64; 3],
    /// The least fraction of reads of input and filter that takes place if boxes are cut short, because idle PEs may
    /// keep what they hold; 1 if they keep nothing of use.
    kept: [f64; 2],
    /// Whether a cluster takes more than one step, so that its buffer is used.
    buffered: bool,
    /// The least that the PEs exchange with the buffer that feeds them, if their tiles are not known.
    exchanged: Option<Exchanged>,
}

impl Inside {
    /// The least exchange, whatever the tiles of level 2 are. `keep` says whether PEs may keep input and filter from
    /// one box to the next.
    pub fn at_least(buffered: bool, keep: [bool; 2], exchanged: Option<Exchanged>) -> Inside {
        let kept = keep.map(|keep| if keep { 0.0 } else { 1.0 });
        Inside { reads: [0.0; 2], writes: 0.0, members: [1.0; 3], kept, buffered, exchanged }
    }
}

impl Bounds<'_> {
    /// The number of sub-clusters that get an element that is read once, or that give one that is written once.
    fn members(&self, level: &Level, tensor: usize) -> f64 {
        if self.over_space(level, tensor) {
            return 1.0;
        }
        let laid = &level.laid[level.spatial];
        laid.count / laid.turns
    }

    /// Whether each sub-cluster of a level has its own part of a tensor.
    fn over_space(&self, level: &Level, tensor: usize) -> bool {
        self.axes[level.spatial].coupled[tensor]
    }

    /// The least that L2 and level 1 exchange.
    pub fn supply(&self, level: &Level, flows: &Flows) -> Supply {
        let [input_bits, filter_bits, output_bits] = self.bits;
        let psum_bits = self.psum;
        let whole = |tensor: usize| self.compulsory[tensor] / self.bits[tensor];
        let of =
            |tensor: usize| flows[tensor].unwrap_or_else(|| Sweeps { elements: whole(tensor), often: 1.0, again: 1.0 });
        let read = [0, 1, 2].map(|tensor| of(tensor).moved(1.0));
        let outputs = whole(2);
        let (written, psums) = (read[2], (of(2).often - 1.0) * outputs);
        let l2 = read[0] * input_bits
            + read[1] * filter_bits
            + psums * psum_bits
            + outputs * output_bits
            + (written - outputs) * psum_bits;
        let arrived = [0, 1].map(|tensor| read[tensor] * self.members(level, tensor));
        let left = written * self.members(level, 2);
        // In each cluster, an output enters for the first time without a partial sum.
        let clusters = level.ways.min(level.laid[level.spatial].count);
        let begun = if self.over_space(level, 2) { written } else { written * clusters };
        Supply { l2, arrived, left, psums, begun }
    }

    /// The least that clusters and their sub-clusters exchange.
    pub fn inside(&self, level: &Level, below: &Level, flows: &Flows) -> Inside {
        self.inside_of(1.0, level, below, flows)
    }

    /// The same for clusters in `outer` boxes of an outer level.
    pub fn inside_of(&self, outer: f64, level: &Level, below: &Level, flows: &Flows) -> Inside {
        // The number of boxes of clusters, without those that are cut short.
        let boxes: f64 = outer * level.whole();
        // The box before may have been the same, or may share a part of a window with this one.
        let reads = [0, 1].map(|tensor| flows[tensor].map_or(0.0, |of| boxes * of.elements * of.often * of.again));
        let writes = flows[2].map_or(0.0, |of| boxes * of.elements * of.often);
        // A box that is cut short may have fewer members. Idle ones keep what they hold for the next box.
        let (cut, kept) = cut(level, below);
        let over_space = |tensor: usize| self.over_space(below, tensor);
        let keep = self.may_keep(level.along(below.spatial), below.spatial);
        Inside {
            reads,
            writes,
            members: [0, 1, 2].map(
                |tensor| {
                    if over_space(tensor) { 1.0 } else { self.members(below, tensor).min(cut) }
                },
            ),
            kept: [0, 1].map(|tensor| if keep[tensor] { kept } else { 1.0 }),
            buffered: below.steps > 1.0,
            exchanged: None,
        }
    }

    /// Whether input and filter may be kept by members that are idle in a box that is cut short, and be of use in the
    /// next box. They then hold what they had in the box before the short one, which is the same as in the next box
    /// only if there are two boxes (or if a window slides).
    pub fn may_keep(&self, laid: &Laid, place: usize) -> [bool; 2] {
        let Axis { coupled, slide, .. } = self.axes[place];
        [0, 1].map(|tensor| {
            let slides = tensor == 0 && slide.is_some();
            coupled[tensor] && laid.is_cut() && (slides || laid.turns == 2.0)
        })
    }

    /// A lower bound of the nJ of a mapping with this supply of level 1 and, as far as they are known, the exchanges
    /// `inside` of it, the outermost first.
    pub fn energy(&self, supply: &Supply, moved: &Moved, inside: &[Inside]) -> f64 {
        let energies = self.task.energies;
        let [input_bits, filter_bits, _] = self.bits;
        let psum_bits = self.psum;
        let has_macs = self.task.layer.kind().has_macs();
        let inwards = |of: [f64; 2]| of[0] * input_bits + of[1] * filter_bits;
        let Supply { l2, arrived, left, psums, begun } = *supply;
        let mut cluster = 0.0;
        // Per tensor, going inwards: what sub-clusters (in the end PEs) take and give in elements, and what the
        // buffer that feeds them exchanges in bits.
        let (mut taken, mut sums, mut given) = (arrived, psums, left);
        let mut fed = [0.0; 3];
        for (depth, inside) in inside.iter().enumerate() {
            let reads = [0, 1].map(|tensor| inside.reads[tensor].max(taken[tensor]) * inside.kept[tensor]);
            let writes = inside.writes.max(given);
            let back = if depth == 0 { (writes - begun).max(sums) } else { sums };
            if inside.buffered {
                fed = [reads[0] * input_bits, reads[1] * filter_bits, (back + writes) * psum_bits];
                cluster += inwards(taken) + (sums + given) * psum_bits + fed.iter().sum::<f64>();
            }
            taken = [0, 1].map(|tensor| reads[tensor] * inside.members[tensor]);
            (sums, given) = (back, writes * inside.members[2]);
        }
        let of_buffers = energies.cluster.unwrap_or(energies.l2) / 8.0;
        let of_pes = [taken[0] * input_bits, taken[1] * filter_bits, (sums + given) * psum_bits];
        let known = [0, 1, 2].map(|tensor| fed[tensor] * of_buffers + of_pes[tensor] / 8.0 * energies.l1);
        let unknown = inside.last().and_then(|inside| inside.exchanged).map_or(0.0, |exchanged| {
            let more = self.axes.iter().zip(exchanged).map(|(axis, least)| {
                least
                    - axis
                        .coupled
                        .iter()
                        .zip(known)
                        .map(|(coupled, known)| if *coupled { known } else { 0.0 })
                        .sum::<f64>()
            });
            more.fold(f64::INFINITY, f64::min).max(0.0)
        });
        let operands = if self.has_filter() { filter_bits } else { 0.0 } + 2.0 * psum_bits;
        let l1 = self.operations * (input_bits + operands) + of_pes.iter().sum::<f64>();
        let l2 = l2 + moved.activations + moved.weights;
        let mac = if has_macs { self.operations * input_bits * filter_bits } else { 0.0 };
        mac / 64.0 * energies.mac
            + l1 / 8.0 * energies.l1
            + l2 / 8.0 * energies.l2
            + cluster * of_buffers
            + unknown
            + self.offchip_bytes(moved) * energies.offchip
    }

    /// A lower bound of the nJ of any mapping.
    pub fn least_energy(&self) -> f64 {
        self.energy(&self.supply(&self.whole(), &[None; 3]), &self.at_least(), &[])
    }
}

/// For a box that is cut short along the axis over which the members of level 2 lie: the number of members at work in
/// its average turn (infinite if no box is cut), and the fraction of members at work in its last turn.
fn cut(level: &Level, below: &Level) -> (f64, f64) {
    let [outer, inner] = [level, below].map(|level| &level.laid[below.spatial]);
    let rest = outer.extent - outer.whole * outer.tile;
    if rest <= 0.0 {
        return (f64::INFINITY, 1.0);
    }
    let count = (rest / inner.tile).ceil();
    let turns = (count / below.ways).ceil();
    (count / turns, (count - (turns - 1.0) * below.ways) / below.ways)
}
