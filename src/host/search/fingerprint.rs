//! Fingerprints of searches: whether two searches are about the same, so that their files may be in the same
//! directory.

use super::problem::Problem;
use crate::host::campaign::Campaign;
use crate::host::population::Population;
use crate::host::spaces::Space;
use crate::host::spaces::accuracy::Accuracy;

/// Checksums of what a search is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// The space with its recipe, the source of accuracies, accelerators and dataflows.
    pub designs: String,
    /// The networks and their accuracies; `None` where no list of networks is searched.
    pub networks: Option<String>,
}

/// The number of networks whose layers and accuracies go into the fingerprint, in place of the recipe of the space
/// and the source of accuracies.
const SAMPLES: u32 = 16;

const CRC: crc::Crc<u64> = crc::Crc::<u64>::new(&crc::CRC_64_XZ);

impl Fingerprint {
    /// A search of the whole space on the designs of a campaign.
    pub fn of_space(space: &dyn Space, accuracy: &Accuracy, campaign: &Campaign) -> Fingerprint {
        let samples = space.draw(SAMPLES).into_iter();
        let of = |genome| format!("{:?} {:?}", space.layers(&genome), accuracy.of(space, &genome));
        Fingerprint::of(space.name(), samples.map(of), campaign)
    }

    /// The fingerprint of a name, descriptions of networks, and a campaign's designs.
    fn of(name: &str, networks: impl Iterator<Item = String>, campaign: &Campaign) -> Fingerprint {
        let mut digest = CRC.digest();
        let mut add = |text: String| {
            digest.update(text.as_bytes());
            digest.update(b"\n");
        };
        add(name.to_string());
        networks.for_each(&mut add);
        let designs = &campaign.designs;
        add(format!("{:?} {:?} {:?}", designs.dataflows, designs.mixed, campaign.costing));
        if let Some(mappings) = &designs.mappings {
            add(format!("{mappings:?}"));
        }
        designs.accelerators.iter().for_each(|accelerator| add(format!("{accelerator:?}")));
        Fingerprint { designs: format!("{:016x}", digest.finalize()), networks: None }
    }

    /// A search of networks that belong to no space, on the designs of a campaign.
    pub fn of_networks(population: &Population, campaign: &Campaign) -> Fingerprint {
        let Population { name, workload, .. } = population;
        let sequences: Vec<&[u32]> = workload.sequences().collect();
        Fingerprint::of(name, std::iter::once(format!("{:?} {sequences:?}", workload.layers())), campaign)
    }

    /// The same search with a list of networks and their accuracies.
    #[must_use]
    pub fn with_networks(self, names: &[String], accuracies: &[f64]) -> Fingerprint {
        let mut digest = CRC.digest();
        for (name, accuracy) in names.iter().zip(accuracies) {
            digest.update(format!("{name} {accuracy}\n").as_bytes());
        }
        Fingerprint { networks: Some(format!("{:016x}", digest.finalize())), ..self }
    }

    /// The same search with the networks of a problem.
    #[must_use]
    pub fn of_problem(self, problem: &Problem) -> Fingerprint {
        self.with_networks(problem.names(), problem.accuracy())
    }

    /// Whether the files of both searches may be in one directory: they have the same space and designs, and, if both
    /// have networks, the same networks.
    pub fn suits(&self, other: &Fingerprint) -> bool {
        let same = |(a, b)| a == b;
        self.designs == other.designs && self.networks.as_ref().zip(other.networks.as_ref()).is_none_or(same)
    }
}
