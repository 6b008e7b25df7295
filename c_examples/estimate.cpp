// What a network costs on an accelerator, in C++17:
//
//   maestrino compile ds_cnn -o ds_cnn.mst
//   estimate ds_cnn.mst [CLOCK_HZ [DEADLINE_US]]

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

#include "maestrino.hpp"

using maestrino::bound;
using maestrino::dim;
using maestrino::kind;

namespace {

const char *const KINDS[] = {"CONV", "DSCONV", "NGCONV", "TRCONV", "GEMM", "FC", "POOL", "ELTWISE"};
const char *const BOUNDS[] = {"compute", "noc in", "noc out", "offchip"};

template <class T>
bool complain(const char *what, const maestrino::result<T> &failed) {
    std::fprintf(stderr, "%s: %s", what, failed.text());
    if (failed.fault().layer != UINT32_MAX) {
        std::fprintf(stderr, ", layer %" PRIu32, failed.fault().layer);
    }
    if (failed.fault().value != 0) {
        std::fprintf(stderr, " (%" PRIu32 ", limit %" PRIu32 ")", failed.fault().value, failed.fault().limit);
    }
    std::fputc('\n', stderr);
    return false;
}

// The accelerator of `maestrino estimate`: 256 PEs, NoC of 1000 elements/cycle, 50 elements/cycle off-chip.
maestrino::hardware accelerator() {
    maestrino::hardware hardware(256);
    hardware.noc_bandwidth = 1000;
    hardware.offchip_bandwidth = 50;
    return hardware;
}

// One layer by hand, under a preset and under the same dataflow written out.
bool one_layer(const maestrino::hardware &hardware) {
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
    return true;
}

bool whole_network(maestrino::bytes blob, const maestrino::hardware &hardware, uint32_t clock_hz,
                   uint64_t deadline_us) {
    const auto network = maestrino::network::open(blob);
    if (!network) {
        return complain("network", network);
    }
    const auto name = network->name();
    std::printf("\n%.*s, %zu layers\n", static_cast<int>(name.size()), name.data(), network->size());
    std::printf("     %-16s %-8s %10s %12s  %-8s %10s\n", "layer", "kind", "cycles", "operations", "bound", "nJ");

    uint32_t index = 0;
    for (const maestrino::network_layer &layer : *network) {
        const auto dataflow = network->dataflow(layer.dataflow);
        const auto cost = dataflow ? maestrino::estimate(layer.shape(), *dataflow, hardware) : dataflow.failure();
        if (!cost) {
            return complain("estimate", cost);
        }
        std::printf("%3" PRIu32 "  %-16.*s %-8s %10" PRIu64 " %12" PRIu64 "  %-8s %10.3f\n", index++,
                    static_cast<int>(layer.name().size()), layer.name().data(),
                    KINDS[static_cast<int>(layer.shape().what())], cost->cycles, cost->operations,
                    BOUNDS[static_cast<int>(maestrino::bound_by(*cost))], maestrino::nanojoules(*cost));
    }
    const auto total = maestrino::estimate(*network, hardware);
    if (!total) {
        return complain("estimate", total);
    }
    const auto us = maestrino::microseconds(total->cycles, clock_hz);
    if (!us) {
        return complain("clock", us);
    }
    std::printf("total: %" PRIu64 " cycles, %" PRIu64 " operations, %.6f nJ\n", total->cycles, total->operations,
                maestrino::nanojoules(*total));
    std::printf("at %" PRIu32 " Hz: %" PRIu64 " us\n", clock_hz, *us);

    // With several networks, best first, this would choose one.
    const auto choice = maestrino::choose({&*network, 1}, hardware, clock_hz, deadline_us);
    if (!choice) {
        return complain("choose", choice);
    }
    std::printf("%s the deadline of %" PRIu64 " us\n", choice->in_time ? "meets" : "misses", deadline_us);
    return true;
}

} // namespace

int main(int argc, char **argv) {
    if (argc < 2 || argc > 4) {
        std::fprintf(stderr, "usage: %s BLOB [CLOCK_HZ [DEADLINE_US]]\n", argv[0]);
        return 2;
    }
    if (!maestrino::compatible()) {
        std::fprintf(stderr, "the library is of another ABI than the header\n");
        return 1;
    }
    std::ifstream file(argv[1], std::ios::binary);
    if (!file) {
        std::perror(argv[1]);
        return 1;
    }
    const std::vector<char> chars{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const std::vector<uint8_t> blob(chars.begin(), chars.end());
    const uint32_t clock_hz = argc > 2 ? static_cast<uint32_t>(std::strtoul(argv[2], nullptr, 10)) : 200000000;
    const uint64_t deadline_us = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1000;
    const maestrino::hardware hardware = accelerator();
    return one_layer(hardware) && whole_network(blob, hardware, clock_hz, deadline_us) ? 0 : 1;
}
