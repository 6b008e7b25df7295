//! The reference's screen output (`--print_res`), line for line.

use std::io::{self, Write};

use super::maestro_csv::Row;
use crate::Hardware;
use crate::dim::Tensor;
use crate::energy::{REFERENCE_L1, REFERENCE_L2};
use crate::host::printed::G;
use crate::maestro::Traffic;

/// Writes the report of one layer.
///
/// # Errors
/// Errors of the writer.
pub fn write_layer(out: &mut impl Write, row: &Row) -> io::Result<()> {
    let traffic = row.traffic();
    let cycles = row.delay().map_or(0, |delay| delay.cycles);
    let throughput = traffic.operations as f64 / cycles as f64;
    writeln!(out, "\n\nNum MACs: {}\n", traffic.operations)?;
    writeln!(out, "[Performance Analysis]\nRuntime: {cycles} cycles\nThroughput: {} MACs/cycle", G(throughput))?;
    write_accesses(out, traffic)?;
    let [l2_write, l2_read, l1_write, l1_read] = write_energies(out, traffic)?;
    writeln!(out, "\n[Summary]")?;
    writeln!(out, "Total L2 buffer requirement: {}", traffic.l2_total())?;
    writeln!(out, "Total L1 buffer requirement: {}", traffic.l1_total())?;
    let totals = [
        ("L2 buffer write", l2_write),
        ("L2 buffer read", l2_read),
        ("L1 buffer write", l1_write),
        ("L1 buffer read", l1_read),
    ];
    for (what, energy) in totals {
        writeln!(out, "Total {what} energy: {} X MAC energy", G(energy))?;
    }
    writeln!(out, "Total MAC energy: {} X MAC energy", traffic.operations)?;
    writeln!(out, "Peak bandwidth requirement: {}", row.delay().map_or(0, |delay| delay.noc_peak))?;
    writeln!(out, "Avg bandwidth requirement: {}\n", G(row.delay().map_or(f64::NAN, |delay| delay.noc_average)))?;
    let energy = l2_write + l2_read + l1_write + l1_read + traffic.operations as f64;
    writeln!(out, "Total energy consumption: {} X MAC energy", G(energy))?;
    writeln!(out, "Runtime: {cycles} cycles\nThroughput: {} MACs/cycle", G(throughput))?;
    writeln!(out, "Performance per MAC energy: {} MACs/cycle/(MAC_energy)", G(throughput / energy))?;
    let delays = row.printed_delays();
    for (what, [min, max, avg]) in ["Ingress", "Egress", "Computation"].iter().zip(delays) {
        writeln!(out, "{what} Delay\nMin: {min}\nMax: {max}\nAvg: {avg}")?;
    }
    writeln!(out, "Average number of utilized PEs: {}", G(row.delay().map_or(0.0, |delay| delay.active_pes)))?;
    writeln!(out, "Arithmetic intensity: {}", G(traffic.arithmetic_intensity))
}

fn write_accesses(out: &mut impl Write, traffic: &Traffic) -> io::Result<()> {
    writeln!(out, "[Buffer Access Analysis]")?;
    let (mut reads, mut writes) = (0.0, 0.0);
    for tensor in Tensor::ALL {
        let accesses = traffic.accesses[tensor];
        writeln!(out, "Tensor {}", tensor.name())?;
        writeln!(out, "L2 size requirement: {}", traffic.l2_bytes[tensor])?;
        writeln!(out, "L1 size requirement: {}", traffic.l1_bytes[tensor])?;
        writeln!(out, "L2 buffer write: {}", accesses.l2_write)?;
        writeln!(out, "L2 buffer read: {}", accesses.l2_read)?;
        writeln!(out, "L1 buffer write: {}", accesses.l1_write)?;
        writeln!(out, "L1 buffer read: {}", accesses.l1_read)?;
        writeln!(out, "Data reuse factor: {}", G(accesses.l1_read as f64 / accesses.l1_write as f64))?;
        reads += accesses.l1_read as f64;
        writes += accesses.l1_write as f64;
    }
    writeln!(out, "Overall data reuse factor: {}", G(reads / writes))
}

/// Writes energies by tensor and returns their sums in multiples of a MAC's energy: L2 write, L2 read, L1 write, L1
/// read.
fn write_energies(out: &mut impl Write, traffic: &Traffic) -> io::Result<[f64; 4]> {
    writeln!(out, "[Energy Analysis]\n-For each data class")?;
    let mut sums = [0.0; 4];
    for tensor in Tensor::ALL {
        let accesses = traffic.accesses[tensor];
        writeln!(out, "Tensor {}", tensor.name())?;
        let parts = [
            ("L2 buffer write", accesses.l2_write as f64 * REFERENCE_L2),
            ("L2 buffer read", accesses.l2_read as f64 * REFERENCE_L2),
            ("L1 buffer write", accesses.l1_write as f64 * REFERENCE_L1),
            ("L1 buffer read", accesses.l1_read as f64 * REFERENCE_L1),
        ];
        for ((what, energy), sum) in parts.into_iter().zip(&mut sums) {
            writeln!(out, "{what} energy: {} X MAC energy", G(energy))?;
            *sum += energy;
        }
    }
    Ok(sums)
}

/// Writes the buffer analysis, after all layers.
///
/// # Errors
/// Errors of the writer.
pub fn write_buffers(out: &mut impl Write, rows: &[Row], hardware: &Hardware) -> io::Result<()> {
    writeln!(out, "Buffer Analysis:")?;
    let most = |of: fn(&Traffic) -> u64| rows.iter().map(|row| of(row.traffic())).max().unwrap_or(0);
    let sum = |of: fn(&Traffic) -> u64| rows.iter().map(|row| u128::from(of(row.traffic()))).sum::<u128>();
    let buffers =
        [("L1", most(Traffic::l1_total), hardware.l1_bytes()), ("L2", most(Traffic::l2_total), hardware.l2_bytes())];
    write_limits(out, "Buffer", "size", buffers)?;
    writeln!(out, "[Model-wise Buffer Summary]")?;
    writeln!(out, "Model-wise total L2 size usage: {}", sum(Traffic::l2_total))?;
    writeln!(out, "Model-wise total L1 size usage: {}", sum(Traffic::l1_total))
}

/// Writes the bandwidth analysis, which the reference prints after writing the CSV.
///
/// # Errors
/// Errors of the writer.
pub fn write_bandwidths(out: &mut impl Write, rows: &[Row], hardware: &Hardware) -> io::Result<()> {
    writeln!(out, "BW Analysis:")?;
    let delays = || rows.iter().filter_map(Row::delay);
    let needs = [
        ("NoC", delays().map(|delay| delay.noc_peak).max().unwrap_or(0), hardware.noc(0).bandwidth),
        ("OffChip", delays().map(|delay| delay.offchip).max().unwrap_or(0), hardware.offchip_bandwidth()),
    ];
    write_limits(out, "BW", "BW", needs)
}

/// Writes which needs exceed the given limits, or that none does.
fn write_limits(out: &mut impl Write, topic: &str, quantity: &str, needs: [(&str, u64, u32); 2]) -> io::Result<()> {
    let mut pass = true;
    for (what, need, given) in needs {
        if need > u64::from(given) {
            writeln!(
                out,
                "[WARNING:{topic}] Per-layer {what} {quantity} requirement [{need}] is larger than the given {what} \
                 {quantity} [{given}]"
            )?;
            pass = false;
        }
    }
    if pass {
        writeln!(out, "[PASS]")?;
    }
    Ok(())
}
