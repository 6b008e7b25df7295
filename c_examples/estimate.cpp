// What a network costs on the accelerator that it was compiled for, in C++17:
//
//   maestrino compile ds_cnn --hw ethos-u55-128 -o ds_cnn.mst
//   estimate ds_cnn.mst [CLOCK_HZ [DEADLINE_US]]
//
// By default, the clock is the accelerator's, and the deadline is 1000 us. Exits with 0 if the network fits all buffers
// and meets the deadline, 1 after an error, 2 if called wrongly, 3 if a buffer is too small, 4 if it is too slow.
// If L2 is too small for a layer, its cycles are -, and its nJ do not include off-chip transfers.

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "maestrino.hpp"

using maestrino::buffer;
using maestrino::dim;
using maestrino::kind;

namespace {

const char *const KINDS[] = {"CONV", "DSCONV", "NGCONV", "TRCONV", "GEMM", "FC", "POOL", "ELTWISE"};
const char *const BOUNDS[] = {"compute", "noc in", "noc out", "offchip"};

enum outcome { MEETS = 0, FAILS = 1, CALLED_WRONGLY = 2, DOES_NOT_FIT = 3, TOO_SLOW = 4 };

template <class T>
outcome complain(const char *what, const maestrino::result<T> &failed) {
    std::fprintf(stderr, "%s: %s", what, failed.text());
    if (failed.fault().layer != UINT32_MAX) {
        std::fprintf(stderr, ", layer %" PRIu32, failed.fault().layer);
    }
    if (failed.fault().value != 0) {
        std::fprintf(stderr, " (%" PRIu32 ", limit %" PRIu32 ")", failed.fault().value, failed.fault().limit);
    }
    std::fputc('\n', stderr);
    return FAILS;
}

// Costs one layer on an accelerator, both defined here: with a preset, and with the same dataflow written out.
outcome one_layer() {
    using maestrino::size_of;
    using maestrino::spatial_map;
    using maestrino::temporal_map;

    const maestrino::layer conv(
        kind::conv, {{dim::k, 64}, {dim::c, 3}, {dim::r, 3}, {dim::s, 3}, {dim::y, 226}, {dim::x, 226}}, 2, 2);
    const auto macs = conv.macs();
    if (!macs) {
        return complain("layer", macs);
    }
    std::printf("CONV 64 x 3 x 3 x 3: %" PRIu64 " MACs\n", *macs);

    // All figures that are not set have no limit.
    maestrino::hardware hardware(256);
    hardware.noc[0].bandwidth = 64;
    hardware.offchip_bandwidth = 8;

    const auto preset = maestrino::dataflow::preset(maestrino::preset::xp_ws, conv);
    const auto under_preset = preset ? maestrino::estimate(conv, *preset, hardware) : preset.failure();
    if (!under_preset) {
        return complain("preset", under_preset);
    }
    std::printf("  preset xp_ws: %" PRIu64 " cycles\n", under_preset->cycles);

    const maestrino::dataflow own({
        temporal_map(1, 1, dim::k),
        temporal_map(1, 1, dim::c),
        temporal_map(size_of(dim::r), 1, dim::y),
        spatial_map(size_of(dim::s), 1, dim::x),
        temporal_map(size_of(dim::r), size_of(dim::r), dim::r),
        temporal_map(size_of(dim::s), size_of(dim::s), dim::s),
    });
    const auto written_out = maestrino::estimate(conv, own, hardware);
    if (!written_out) {
        return complain("own dataflow", written_out);
    }
    std::printf("  written out:  %" PRIu64 " cycles\n", written_out->cycles);
    return MEETS;
}

// A count as text, or `word` if the count is the special number `none`.
std::string count_or(const char *word, uint64_t none, uint64_t count) {
    return count == none ? word : std::to_string(count);
}

bool print_layer(uint32_t index, const maestrino::network_layer &layer, const maestrino::cost &cost) {
    std::printf("%3" PRIu32 "  %-16.*s %-8s %10s %12" PRIu64 "  %-8s %12.3f%s%s%s\n", index,
                static_cast<int>(layer.name().size()), layer.name().data(),
                KINDS[static_cast<int>(layer.shape().what())], count_or("-", MAESTRINO_NO_CYCLES, cost.cycles).c_str(),
                cost.operations, BOUNDS[static_cast<int>(maestrino::bound_by(cost))], maestrino::nanojoules(cost),
                fits(cost, buffer::l1) ? "" : " L1", fits(cost, buffer::cluster_buffer) ? "" : " cluster",
                fits(cost, buffer::l2) ? "" : " L2");
    return true;
}

void print_buffer(const char *name, uint64_t needed, uint32_t there, bool fits) {
    std::printf("%-8s %10" PRIu64 " bytes needed, limit %s%s\n", name, needed,
                count_or("none", MAESTRINO_UNLIMITED, there).c_str(), fits ? "" : ": too small");
}

// Prints whether the network fits and is fast enough.
outcome verdict(const maestrino::network &network, const maestrino::hardware &hardware, uint64_t deadline_us) {
    // Given several networks, with the best first, this would choose one of them.
    const auto choice = maestrino::choose({&network, 1}, deadline_us, hardware);
    if (!choice) {
        return complain("choose", choice);
    }
    if (!choice->fits) {
        std::printf("does not fit: %" PRIu32 " of %" PRIu32 " layers\n", choice->total.misfit_layers,
                    choice->total.layers);
        return DOES_NOT_FIT;
    }
    std::printf("%s the deadline of %" PRIu64 " us\n", choice->in_time ? "meets" : "misses", deadline_us);
    return choice->in_time ? MEETS : TOO_SLOW;
}

outcome whole_network(maestrino::bytes blob, uint32_t clock_hz, uint64_t deadline_us) {
    const auto network = maestrino::network::open(blob);
    if (!network) {
        return complain("network", network);
    }
    const auto own = network->hardware();
    if (!own) {
        return complain("accelerator", own);
    }
    maestrino::hardware hardware = *own;
    if (clock_hz != 0) {
        hardware.clock_hz = clock_hz;
    }
    const auto name = network->name();
    std::printf("\n%.*s, %zu layers, on %" PRIu32 " PEs\n", static_cast<int>(name.size()), name.data(),
                network->size(), hardware.pes);
    std::printf("     %-16s %-8s %10s %12s  %-8s %12s %s\n", "layer", "kind", "cycles", "operations", "bound", "nJ",
                "too small");
    const auto total = maestrino::estimate_each(*network, print_layer, hardware);
    if (!total) {
        return complain("estimate", total);
    }
    std::printf("total: %s cycles, %" PRIu64 " operations, %.6f nJ\n",
                count_or("-", MAESTRINO_NO_CYCLES, total->cycles).c_str(), total->operations,
                maestrino::nanojoules(*total));
    print_buffer("L1", total->l1_bytes, hardware.l1_bytes, fits(*total, buffer::l1));
    print_buffer("cluster", total->cluster_bytes, hardware.cluster_bytes, fits(*total, buffer::cluster_buffer));
    print_buffer("L2", total->l2_bytes, hardware.l2_bytes, fits(*total, buffer::l2));
    if (const auto us = maestrino::microseconds(total->cycles, hardware.clock_hz)) {
        std::printf("at %" PRIu32 " Hz: %" PRIu64 " us\n", hardware.clock_hz, *us);
    }
    return verdict(*network, hardware, deadline_us);
}

// Parses a number from 1 to `most`; 0 if it is not one.
uint64_t number(const char *text, uint64_t most) {
    char *end;
    const uint64_t value = std::strtoull(text, &end, 10);
    return *text < '0' || *text > '9' || *end || value > most ? 0 : value;
}

} // namespace

int main(int argc, char **argv) {
    const uint64_t clock_hz = argc > 2 ? number(argv[2], UINT32_MAX) : 0;
    const uint64_t deadline_us = argc > 3 ? number(argv[3], UINT64_MAX - 1) : 1000;
    if (argc < 2 || argc > 4 || (argc > 2 && clock_hz == 0) || deadline_us == 0) {
        std::fprintf(stderr, "usage: %s BLOB [CLOCK_HZ [DEADLINE_US]]\n", argv[0]);
        return CALLED_WRONGLY;
    }
    if (!maestrino::compatible()) {
        std::fprintf(stderr, "the library is of another ABI than the header\n");
        return FAILS;
    }
    std::ifstream file(argv[1], std::ios::binary);
    if (!file) {
        std::perror(argv[1]);
        return FAILS;
    }
    const std::vector<char> chars{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const std::vector<uint8_t> blob(chars.begin(), chars.end());
    const outcome layer = one_layer();
    return layer == MEETS ? whole_network(blob, static_cast<uint32_t>(clock_hz), deadline_us) : layer;
}
