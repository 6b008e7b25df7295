//! The program that `instructions.sh` measures. `instructions PRESET L2 MODEL` costs the layers of ResNet-50 on 256
//! PEs with an L2 of L2 KiB (0 for no limit), and prints how many layers were costed.

use std::hint::black_box;

use maestrino::dataflow::presets::Preset;
use maestrino::hardware::UNLIMITED;
use maestrino::host::builtin;
use maestrino::{Cost, Dataflow, Hardware, Layer, Noc, maestro};

#[inline(never)]
fn exact(layer: &Layer, dataflow: &Dataflow, hardware: &Hardware) -> bool {
    black_box(Cost::of(layer, dataflow, hardware)).is_ok()
}

#[inline(never)]
fn reference(layer: &Layer, dataflow: &Dataflow, hardware: &Hardware) -> bool {
    black_box(maestro::Cost::of(layer, dataflow, hardware)).is_ok()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [preset, kib, model] = arguments.as_slice() else {
        println!("instructions are counted by benches/instructions.sh");
        return;
    };
    let preset = Preset::from_name(preset).expect("a preset");
    let l2 = match kib.parse::<u32>().expect("KiB of L2") {
        0 => UNLIMITED,
        kib => kib << 10,
    };
    let noc = Noc { bandwidth: 64, latency: 2 };
    let hardware = Hardware::new(256).unwrap().with_buffers(512, UNLIMITED).with_noc(noc).unwrap();
    let hardware = hardware.with_offchip_bandwidth(16).unwrap();
    let hardware = hardware.with_buffers(hardware.l1_bytes(), l2);
    let cost = if model == "exact" { exact } else { reference };
    let layers = builtin::network("resnet50").unwrap().layers;
    let costed = layers.iter().filter(|layer| {
        let layer = &layer.layer;
        cost(layer, &preset.tiling().for_kind(layer.kind()).dataflow(layer.kind()).unwrap(), &hardware)
    });
    println!("{}", costed.count());
}
