//! The energy, area and power of MACs, buffers, NoC and off-chip interface in a technology. A file may replace any
//! figure; the [guide](crate::guide::explore) shows all of them.

mod figure;

use serde::Deserialize;

use crate::area::{Parts, Silicon};
use crate::hardware::UNLIMITED;
use crate::host::platform::Platform;
use crate::{BufferSizes, EnergyTable, Hardware};
use figure::Figure;

/// The built-in tables other than the default, by name.
const BUILT_IN: [(&str, &str); 1] = [("45nm", include_str!("technology/45nm.toml"))];

/// The name of the default: the reference's figures.
pub(crate) const DEFAULT: &str = "28nm";

/// A table of figures. Figures that a file leaves out are those of the default, that is, of
/// [`EnergyTable::REFERENCE`] and [`Silicon`].
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Technology {
    /// Where the figures come from.
    pub source: String,
    mac: Mac,
    l1: Buffer,
    /// Only its energy counts; that of L2 unless given.
    cluster: Option<Cluster>,
    l2: Buffer,
    noc: Noc,
    offchip: Offchip,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Mac {
    energy: f64,
    area: f64,
    power: f64,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Buffer {
    /// nJ of an access to a byte, at any size or by size; the reference's unless given.
    energy: Option<Figure>,
    /// um^2 and mW, for each byte or by size.
    area: Figure,
    power: Figure,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cluster {
    energy: Figure,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Noc {
    /// nJ of a byte that arrives at a PE or leaves it.
    energy: f64,
    bus_area: f64,
    bus_power: f64,
    arbiter_area: f64,
    arbiter_power: f64,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Offchip {
    /// nJ of a byte.
    energy: f64,
    /// um^2 and mW of each byte/cycle.
    area: f64,
    power: f64,
}

impl Default for Technology {
    fn default() -> Technology {
        Technology {
            source: "MAESTRO's figures (28 nm), off-chip Eyeriss's (ISCA 2016)".to_string(),
            mac: Mac::default(),
            l1: Buffer::default(),
            cluster: None,
            l2: Buffer::default(),
            noc: Noc::default(),
            offchip: Offchip::default(),
        }
    }
}

impl Default for Mac {
    fn default() -> Mac {
        let [area, power] = Parts::REFERENCE.mac;
        Mac { energy: EnergyTable::REFERENCE.mac, area, power }
    }
}

impl Default for Buffer {
    fn default() -> Buffer {
        let [area, power] = Parts::SRAM.map(Figure::One);
        Buffer { energy: None, area, power }
    }
}

impl Default for Noc {
    fn default() -> Noc {
        let Parts { bus: [bus_area, bus_power], arbiter: [arbiter_area, arbiter_power], .. } = Parts::REFERENCE;
        Noc { energy: 0.0, bus_area, bus_power, arbiter_area, arbiter_power }
    }
}

impl Default for Offchip {
    fn default() -> Offchip {
        Offchip { energy: EnergyTable::REFERENCE.offchip, area: 0.0, power: 0.0 }
    }
}

impl Technology {
    /// The built-in table with this name.
    pub fn named(name: &str) -> Option<Technology> {
        if name == DEFAULT {
            return Some(Technology::default());
        }
        let (_, text) = BUILT_IN.iter().find(|(own, _)| *own == name)?;
        text.parse().ok()
    }

    /// The names of the built-in tables.
    pub fn names() -> impl Iterator<Item = &'static str> {
        [DEFAULT].into_iter().chain(BUILT_IN.iter().map(|(name, _)| *name))
    }

    /// The default, with the energies of an accelerator.
    pub fn of(platform: &Platform) -> Technology {
        let EnergyTable { mac, l1, l2, cluster, offchip } = platform.energies;
        let sizes = &platform.sizes;
        let figure = |nj: f64, at: Option<u32>| match at {
            Some(at) => Figure::Power { figure: nj, at: f64::from(at.max(1)), exponent: sizes.exponent },
            None => Figure::One(nj),
        };
        let own = platform.energies != EnergyTable::REFERENCE || *sizes != BufferSizes::NONE;
        let source = "energies of the accelerator; area and power MAESTRO's (28 nm)".to_string();
        Technology {
            source: if own { source } else { Technology::default().source },
            mac: Mac { energy: mac, ..Mac::default() },
            l1: Buffer { energy: Some(figure(l1, sizes.l1)), ..Buffer::default() },
            cluster: cluster.map(|nj| Cluster { energy: figure(nj, sizes.cluster) }),
            l2: Buffer { energy: Some(figure(l2, sizes.l2)), ..Buffer::default() },
            offchip: Offchip { energy: offchip, ..Offchip::default() },
            ..Technology::default()
        }
    }

    /// Energies with an L1 of `l1` bytes and an L2 of `l2` bytes: the sizes of the buffers, or, if they have no
    /// limit, of what is needed.
    pub(super) fn energies(&self, hardware: &Hardware, l1: u64, l2: u64) -> EnergyTable {
        let limited = |bytes: u32| bytes != UNLIMITED;
        let cluster = hardware.cluster_bytes();
        let of = |buffer: &Buffer, reference: f64, bytes: u64, given: u32| {
            buffer.energy.as_ref().map_or(reference, |energy| energy.at(bytes, limited(given)))
        };
        let reference = EnergyTable::REFERENCE;
        EnergyTable {
            mac: self.mac.energy,
            l1: of(&self.l1, reference.l1, l1, hardware.l1_bytes()),
            l2: of(&self.l2, reference.l2, l2, hardware.l2_bytes()),
            // The size of a cluster buffer without a limit is not known, so it costs as much as the smallest given
            // size.
            cluster: self.cluster.as_ref().map(|own| match &own.energy {
                Figure::Sizes(points) if !limited(cluster) => points.first().map_or(0.0, |(_, figure)| *figure),
                energy => energy.at(cluster.into(), limited(cluster)),
            }),
            offchip: self.offchip.energy,
        }
    }

    /// nJ of a byte that arrives at a PE or leaves it.
    pub(super) fn noc_energy(&self) -> f64 {
        self.noc.energy
    }

    /// um^2 and mW of an L1 of `l1` bytes and of an L2 of `l2` bytes.
    pub(super) fn buffers(&self, l1: u64, l2: u64) -> [[f64; 2]; 2] {
        let of = |[area, power]: [&Figure; 2], bytes: u64| [area.of_bytes(bytes), power.of_bytes(bytes)];
        [of([&self.l1.area, &self.l1.power], l1), of([&self.l2.area, &self.l2.power], l2)]
    }

    /// um^2 and mW of an interface with this bandwidth, in bytes/cycle.
    pub(super) fn offchip(&self, bandwidth: u32) -> [f64; 2] {
        [self.offchip.area, self.offchip.power].map(|each| each * f64::from(bandwidth))
    }

    /// Area and power of the accelerator without its off-chip interface. `l1` and `l2` are the um^2 and mW of an L1
    /// and of L2.
    pub(super) fn silicon(&self, hardware: &Hardware, l1: [f64; 2], l2: [f64; 2]) -> Silicon {
        let Noc { bus_area, bus_power, arbiter_area, arbiter_power, .. } = self.noc;
        let (mac, bus, arbiter) =
            ([self.mac.area, self.mac.power], [bus_area, bus_power], [arbiter_area, arbiter_power]);
        let parts = Parts { mac, l1, l2, bus, arbiter };
        Silicon::of_parts(hardware.pes(), hardware.simd_lanes(), hardware.noc(0).bandwidth, &parts)
    }

    fn check(&self) -> Result<(), String> {
        let one = |name: &str, figure: f64| Figure::One(figure).check(name);
        let Noc { energy, bus_area, bus_power, arbiter_area, arbiter_power } = self.noc;
        let noc = [energy, bus_area, bus_power, arbiter_area, arbiter_power];
        let mac = [self.mac.energy, self.mac.area, self.mac.power];
        let offchip = [self.offchip.energy, self.offchip.area, self.offchip.power];
        for (name, figures) in [("[mac]", &mac[..]), ("[noc]", &noc), ("[offchip]", &offchip)] {
            figures.iter().try_for_each(|figure| one(name, *figure))?;
        }
        for (name, buffer) in [("[l1]", &self.l1), ("[l2]", &self.l2)] {
            let figures =
                [("energy", buffer.energy.as_ref()), ("area", Some(&buffer.area)), ("power", Some(&buffer.power))];
            for (figure, given) in figures {
                given.map_or(Ok(()), |given| given.check(&format!("{name} {figure}")))?;
            }
        }
        self.cluster.as_ref().map_or(Ok(()), |own| own.energy.check("[cluster] energy"))
    }
}

impl std::str::FromStr for Technology {
    type Err = String;

    /// A table as TOML.
    fn from_str(text: &str) -> Result<Technology, String> {
        let technology: Technology = toml::from_str(text).map_err(|error| error.to_string().trim_end().to_string())?;
        technology.check()?;
        Ok(technology)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_guide_is_the_default() {
        let guide = include_str!("../../guide/explore.md");
        let (_, rest) = guide.split_once("```toml\n").unwrap();
        let (table, _) = rest.split_once("```").unwrap();
        let energies = ["[l1]", "[l2]"].iter().fold(table.to_string(), |table, buffer| {
            let (before, after) = table.split_once(buffer).unwrap();
            let (_, rest) = after.split_once("energy = ").unwrap();
            format!("{before}{buffer}\n{}", rest.split_once('\n').unwrap().1)
        });
        // The default has the reference's energies for buffers without their own.
        assert_eq!(energies.parse::<Technology>().unwrap(), Technology::default());
        let hardware = Hardware::new(1).unwrap();
        assert_eq!(table.parse::<Technology>().unwrap().energies(&hardware, 1, 1), EnergyTable::REFERENCE);
    }

    #[test]
    fn the_default_has_the_figures_of_an_estimate() {
        let hardware = Hardware::new(37).unwrap().with_simd_lanes(3).unwrap();
        let hardware = hardware.with_noc(crate::Noc { bandwidth: 11, latency: 2 }).unwrap().with_buffers(100, 70_000);
        let technology = Technology::default();
        let [l1, l2] = technology.buffers(100, 70_000);
        assert_eq!(technology.silicon(&hardware, l1, l2), Silicon::of(&hardware, 0, 0));
        assert_eq!(technology.energies(&hardware, 100, 70_000), EnergyTable::REFERENCE);
        assert_eq!((technology.offchip(7), technology.noc_energy()), ([0.0; 2], 0.0));
        let energies = EnergyTable { cluster: Some(0.1), ..EnergyTable::REFERENCE };
        let sizes = BufferSizes { l1: Some(64), cluster: Some(50), l2: Some(1000), exponent: 0.5 };
        for cluster in [500, UNLIMITED] {
            let hardware = hardware.with_cluster_buffer(cluster);
            let platform = Platform { energies, sizes, ..Platform::new(hardware) };
            assert_eq!(Technology::of(&platform).energies(&hardware, 100, 70_000), platform.scaled_energies());
        }
    }

    #[test]
    fn figures_grow_with_sizes_by_a_power() {
        let text = "[l2]\nenergy = [[100, 1], [400, 2], [1600, 2]]\n[l1]\narea = [[10, 0], [20, 5]]";
        let technology: Technology = text.parse().unwrap();
        let energy = |bytes| technology.energies(&Hardware::new(1).unwrap(), 1, bytes).l2;
        for (bytes, nj) in [(100, 1.0), (400, 2.0), (900, 2.0), (10_000, 2.0)] {
            assert_eq!(energy(bytes), nj, "{bytes}");
        }
        // Going through logarithms rounds the figure.
        assert!((energy(225) - 1.5).abs() < 1e-12 && (energy(25) - 0.5).abs() < 1e-12);
        assert_eq!([15, 5, 40].map(|bytes| technology.buffers(bytes, 1)[0][0]), [2.5, 0.0, 15.0]);
    }

    #[test]
    fn built_in_tables_are_sound() {
        for name in Technology::names() {
            assert!(Technology::named(name).is_some_and(|table| !table.source.is_empty()), "{name}");
        }
        assert_eq!(Technology::named("3nm"), None);
    }

    #[test]
    fn wrong_tables_are_refused_with_a_reason() {
        for (text, message) in [
            ("[l3]", "unknown field `l3`"),
            ("[mac]\nenergi = 1", "line 2"),
            ("[mac]\nenergy = -1", "[mac]: [1, -1] is not"),
            ("[l1]\nenergy = \"a\"", "expected a number, or a list of sizes and figures"),
            ("[l1]\nenergy = []", "[l1] energy: the list of sizes is empty"),
            ("[l2]\narea = [[10, 5], [20, 4]]", "[l2] area: [20, 4] stands behind [10, 5]"),
            ("[l2]\npower = [[10, 5], [10, 6]]", "[l2] power: [10, 6] stands behind"),
            ("[cluster]\nenergy = nan", "[cluster] energy: [1, NaN] is not"),
        ] {
            let error = text.parse::<Technology>().unwrap_err();
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
