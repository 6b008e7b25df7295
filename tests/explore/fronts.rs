//! Compares the front of a grid with the costs of all designs.

use std::collections::BTreeMap;

use maestrino::dataflow::presets::Preset;
use maestrino::exact::{Cost, Counts, Event, Player};
use maestrino::host::builtin;
use maestrino::host::network::NamedLayer;
use maestrino::{EnergyTable, Hardware, Mapping, Noc, Silicon, Total};
use serde_json::Value;

use super::{Figures, found, front, number, rows};
use crate::common::Dir;

/// ResNet-50 on 100,000 designs. Each layer is costed on each design by the model, and each pair of designs is
/// compared.
#[test]
fn the_front_is_that_of_brute_force() {
    let (pes, nocs, offchips) = ([64, 100, 128, 256, 512], [8, 16, 32, 50, 64], [1, 2, 4, 6, 8, 12, 16, 24, 32, 64]);
    let l1s = [32, 64, 128, 256, 512, 1024, 2048, 4096];
    let l2s: Vec<u32> = (1..=25).map(|place| 20_000 * place * place).collect();
    let network = builtin::network("resnet50").unwrap();
    let (distinct, places) = network.distinct();
    let mut all: Vec<(u64, Figures)> = Vec::new();
    let mut ids = 0..;
    for (preset, pes) in [Preset::KcpWs, Preset::YkpOs].into_iter().flat_map(|preset| pes.map(|pes| (preset, pes))) {
        let array = Hardware::new(pes).unwrap();
        let mapping = |named: &&NamedLayer| {
            let kind = named.layer.kind();
            Mapping::new(&named.layer, &preset.tiling().for_kind(kind).dataflow(kind).unwrap(), pes).unwrap()
        };
        let mappings: Vec<Mapping> = distinct.iter().map(mapping).collect();
        let counted = |l2: &u32| -> Vec<Counts> {
            let hardware = array.with_buffers(1, *l2);
            mappings.iter().map(|mapping| Counts::of(mapping, &hardware, |_| ()).unwrap()).collect()
        };
        let counted: Vec<Vec<Counts>> = l2s.iter().map(counted).collect();
        let events = |mapping| {
            let mut events = Vec::new();
            Counts::of(mapping, &array, |event| events.push(*event)).unwrap();
            events
        };
        let events: Vec<Vec<Event>> = mappings.iter().map(events).collect();
        for (noc, offchip) in nocs.into_iter().flat_map(|noc| offchips.map(|offchip| (noc, offchip))) {
            let noc = Noc { bandwidth: noc, latency: 1 };
            let array = array.with_noc(noc).unwrap().with_offchip_bandwidth(offchip).unwrap();
            let player = |events: &Vec<Event>| {
                let mut player = Player::new(&array);
                events.iter().for_each(|event| player.play(event));
                player
            };
            let players: Vec<Player> = events.iter().map(player).collect();
            for (l1, (l2, counted)) in l1s.into_iter().flat_map(|l1| l2s.iter().zip(&counted).map(move |l2| (l1, l2))) {
                let id = ids.next().unwrap();
                let hardware = array.with_buffers(l1, *l2);
                let cost = |(counts, player)| Cost::timed(counts, player, &hardware, &EnergyTable::REFERENCE).unwrap();
                let costs: Vec<Cost> = counted.iter().zip(&players).map(cost).collect();
                let mut total = Total::NONE;
                places.iter().for_each(|place| total.add(&costs[*place]).unwrap());
                if total.fits.all() {
                    let silicon = Silicon::of(&hardware, total.needs.l1, total.needs.l2);
                    let cycles = total.cycles.unwrap() as f64;
                    all.push((id, [cycles, total.energy.total(), silicon.area(), silicon.power()]));
                }
            }
        }
    }
    assert_eq!(ids.next(), Some(100_000));
    let list = |values: &[u32]| values.iter().map(u32::to_string).collect::<Vec<_>>().join(":");
    let grid = format!(
        "pes={},noc={},offchip={},l1={},l2={}",
        list(&pes),
        list(&nocs),
        list(&offchips),
        list(&l1s),
        list(&l2s)
    );
    let run = format!("explore --network resnet50 --dataflow kcp_ws,ykp_os --no-fit --hw-grid {grid} --format");
    let dir = Dir::new();
    let expected = front(&all, [true; 4]);
    assert!(all.len() > 20_000 && expected.len() > 100, "{} {}", all.len(), expected.len());
    assert!(found(&dir.run(&format!("{run} csv")).quiet().stdout) == expected);
    let explored: Value = serde_json::from_str(&dir.run(&format!("{run} json")).quiet().stdout).unwrap();
    let out = &explored["ruled_out"];
    let small = ["cluster_too_small", "l1_too_small", "l2_too_small"].map(|name| out[name].as_u64().unwrap());
    assert_eq!(100_000 - small.iter().sum::<u64>(), all.len() as u64);
    assert_eq!(explored["costed"].as_u64().unwrap() + out["outdone"].as_u64().unwrap(), all.len() as u64);
    assert!(explored["costed"].as_u64().unwrap() < all.len() as u64 / 3);
}

/// A grid with unordered values of everything that a grid can vary.
const GRID: &str = "l2=60000:20000:2147483647:150000,pes=64:16,offchip=2:64:8,bits=8:4,l1=2147483647:60:300,simd=2:1,hops=1:4,noc=64:8";

/// The front equals that of the estimates of all designs that can run and meet the limits.
#[test]
fn the_front_is_that_of_an_estimate_of_each_design() {
    let dir = Dir::new();
    let energies = "--energies 0.001,0.002,0.01,0.1,0.005 --energy-sizes 128,65536,1000";
    let more = [
        "",
        "--activations auto --l2-buffers 1 --l1-buffers 1 --multicast no",
        "--activations l2 --weights-bw 3 --weights-compression 1.7 --cluster-buffer 400",
    ];
    for (place, flags) in more.into_iter().enumerate() {
        let designs =
            format!("--network ds_cnn --dataflow kcp_ws,ykp_os --hw-grid {GRID} --clock 50 {flags} {energies}");
        let estimated = rows(&dir.run(&format!("estimate {designs} --format csv")).quiet().stdout);
        assert_eq!(estimated.len(), 2 * 4 * 2 * 3 * 2 * 3 * 2 * 2 * 2);
        let mut all: Vec<(u64, Figures)> = Vec::new();
        for (row_number, row) in estimated.iter().enumerate() {
            // In the sweep, dataflows vary fastest.
            let id = row_number / 2 + row_number % 2 * (estimated.len() / 2);
            if row["usable"] == "true" {
                let figures = ["cycles", "energy_nj", "area_um2", "power_mw"].map(|column| number(row, column));
                all.push((id as u64, figures));
            }
        }
        assert!(all.len() > 100 && all.len() < estimated.len(), "{}", all.len());
        let mut middle = [0, 1, 2, 3].map(|figure| all.iter().map(|(_, figures)| figures[figure]).collect::<Vec<_>>());
        let middle = middle.each_mut().map(|figures| {
            figures.sort_by(f64::total_cmp);
            figures[figures.len() / 2]
        });
        let cases = [
            ("", [true; 4], [f64::INFINITY; 4]),
            ("--objective latency,area", [true, false, true, false], [f64::INFINITY; 4]),
            ("--objective latency", [true, false, false, false], [f64::INFINITY; 4]),
            // The product of latency and energy adds nothing to the two.
            ("--objective energy,edp,latency", [true, true, false, false], [f64::INFINITY; 4]),
            (
                "--objective energy",
                [false, true, false, false],
                [f64::INFINITY, f64::INFINITY, f64::INFINITY, middle[3]],
            ),
            (
                "--objective power,energy",
                [false, true, false, true],
                [middle[0], f64::INFINITY, f64::INFINITY, f64::INFINITY],
            ),
            ("--objective latency", [true, false, false, false], [f64::INFINITY, middle[1], middle[2], f64::INFINITY]),
        ];
        for (objective, counts, limits) in cases {
            // The units of the flags: ms at 50 MHz, nJ, mm^2, mW.
            let given = [limits[0] / 50.0 / 1000.0, limits[1], limits[2] / 1e6, limits[3]];
            let limits = [limits[0], limits[1], given[2] * 1e6, limits[3]];
            let names = ["latency", "energy", "area", "power"].into_iter().zip(given);
            let names = names.filter(|(_, limit)| limit.is_finite());
            let flags: String = names.map(|(name, limit)| format!(" --{name}-max {limit}")).collect();
            let within =
                |(_, figures): &&(u64, Figures)| figures.iter().zip(limits).all(|(figure, limit)| *figure <= limit);
            let within: Vec<(u64, Figures)> = all.iter().filter(within).copied().collect();
            let explored =
                found(&dir.run(&format!("explore {designs} {objective}{flags} --format csv")).quiet().stdout);
            assert!(explored == front(&within, counts), "{place}: {objective}{flags}: {explored:?}");
        }
        // The design with the least product, and those that take less area with a larger product. Of equal designs,
        // the first.
        let explored = found(&dir.run(&format!("explore {designs} --objective area,edp --format csv")).quiet().stdout);
        let product = |figures: &Figures| figures[0] * figures[1];
        let products: Vec<(u64, Figures)> =
            all.iter().map(|(id, figures)| (*id, [product(figures), 0.0, figures[2], 0.0])).collect();
        let expected = front(&products, [true, false, true, false]);
        let explored: BTreeMap<u64, (Figures, u64)> = explored
            .into_iter()
            .map(|(id, (figures, same))| (id, ([product(&figures), 0.0, figures[2], 0.0], same)))
            .collect();
        assert!(explored == expected && !explored.is_empty(), "{place}: {explored:?}\n{expected:?}");
    }
}
