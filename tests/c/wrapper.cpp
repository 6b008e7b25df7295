// What include/maestrino.hpp makes of the C functions. Run by tests/c_programs.rs, without exceptions and RTTI.
//
//   wrapper BLOB

#include "maestrino.hpp"

#include <array>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <vector>

using namespace maestrino;

namespace {

int failures = 0;

void check(bool holds, int line, const char *what) {
    if (!holds) {
        std::fprintf(stderr, "wrapper.cpp:%d: %s\n", line, what);
        ++failures;
    }
}
#define HOLDS(...) check(static_cast<bool>(__VA_ARGS__), __LINE__, #__VA_ARGS__)

static_assert(std::is_trivially_copyable_v<layer> && sizeof(layer) == sizeof(maestrino_layer));
static_assert(std::is_trivially_copyable_v<dataflow> && sizeof(dataflow) == sizeof(maestrino_dataflow));
static_assert(std::is_trivially_copyable_v<hardware> && sizeof(hardware) == sizeof(maestrino_hardware));
static_assert(std::is_trivially_copyable_v<network> && sizeof(network) == sizeof(maestrino_network));
static_assert(std::is_trivially_copyable_v<network_layer> && sizeof(network_layer) == sizeof(maestrino_network_layer));
static_assert(std::is_trivially_copyable_v<result<cost>>);

// All of this needs no code at run time.
constexpr layer CONV(kind::conv, {{dim::k, 8}, {dim::c, 4}, {dim::r, 3}, {dim::s, 3}, {dim::y, 16}, {dim::x, 16}});
static_assert(CONV.size(dim::k) == 8 && CONV.size(dim::n) == 0 && CONV.what() == kind::conv && CONV.stride_x == 1);
constexpr auto SEVEN_MORE = 8 + size_of(dim::s) - 1;
static_assert(SEVEN_MORE.base == 7 && SEVEN_MORE.of == MAESTRINO_S);
constexpr dataflow ROWS({spatial_map(size_of(dim::r), 1, dim::y), cluster(4), spatial_map(1, 1, dim::c)});
static_assert(ROWS.size() == 3 && ROWS.count == 3 && ROWS.directives[1].kind == MAESTRINO_CLUSTER);
static_assert(ROWS.directives[2].size.of == -1 && ROWS.directives[0].offset.of == -1);

void layers_and_dataflows() {
    const auto macs = CONV.macs();
    HOLDS(macs && *macs == 8 * 4 * 3 * 3 * 14 * 14 && macs.status() == MAESTRINO_OK && macs.fault().dim == -1);
    const auto missing = layer(kind::gemm, {{dim::m, 3}}).macs();
    HOLDS(!missing && missing.status() == MAESTRINO_MISSING_DIM && missing.value_or(7) == 7 && *missing == 0);
    HOLDS(std::string_view(missing.text()) == maestrino_status_text(MAESTRINO_MISSING_DIM));

    const hardware array(64);
    HOLDS(array.check().status == MAESTRINO_OK && array.pes == 64);
    const auto rows = estimate(CONV, ROWS, array);
    HOLDS(rows && rows->cycles > 0 && ROWS.check(CONV, 64).status == MAESTRINO_OK);
    maestrino_cost raw;
    HOLDS(maestrino_estimate_layer(&CONV, &ROWS, &array, nullptr, &raw, nullptr) == MAESTRINO_OK);
    HOLDS(std::memcmp(&raw, &*rows, sizeof raw) == 0);
    HOLDS(nanojoules(*rows) == raw.mac_nj + raw.l1_nj + raw.l2_nj);
    const auto most = static_cast<int>(bound_by(*rows));
    for (const uint64_t cycles : raw.bound_cycles) {
        HOLDS(cycles <= raw.bound_cycles[most]);
    }
    const energies ones{1, 1, 1};
    const auto counted = estimate(CONV, ROWS, array, &ones);
    HOLDS(counted && counted->mac_nj == static_cast<double>(counted->operations));

    // What is wrong is told where it is used.
    const auto none = estimate(CONV, ROWS, hardware(0));
    HOLDS(!none && none.status() == MAESTRINO_BAD_PES && hardware(0).check().status == MAESTRINO_BAD_PES);
    dataflow endless;
    HOLDS(estimate(CONV, endless, array).status() == MAESTRINO_EMPTY_DATAFLOW);
    for (int i = 0; i < 100; ++i) {
        endless.push(temporal_map(1, 1, dim::c));
    }
    HOLDS(endless.end() - endless.begin() == MAESTRINO_MAX_DIRECTIVES);
    HOLDS(estimate(CONV, endless, array).status() == MAESTRINO_COUNT_TOO_LARGE);
    HOLDS(ROWS.check(CONV, 3).status == MAESTRINO_CLUSTER_EXCEEDS_ARRAY && ROWS.check(CONV, 3).limit == 3);

    const auto rs = dataflow::preset(preset::rs, CONV, tiles{{4}});
    HOLDS(rs && rs->size() > 0);
    int fours = 0;
    for (const directive &line : *rs) {
        fours += line.size.base == 4;
    }
    HOLDS(fours == 1);
    const auto fitted = dataflow::preset(preset::kcp_ws, CONV, 4);
    HOLDS(fitted && estimate(CONV, *fitted, hardware(4)));
    const auto too_large = dataflow::preset(preset::kcp_ws, CONV);
    const auto chained = too_large ? estimate(CONV, *too_large, hardware(4)) : too_large.failure();
    HOLDS(!chained && chained.status() == MAESTRINO_CLUSTER_EXCEEDS_ARRAY);
    const auto bad_tile = dataflow::preset(preset::rs, CONV, tiles{{UINT32_MAX}});
    const result<cost> passed_on = bad_tile.failure();
    HOLDS(!bad_tile && !passed_on && passed_on.status() == MAESTRINO_BAD_TILE && passed_on.fault().value == UINT32_MAX);

    const auto us = microseconds(1001, 1000000000);
    HOLDS(us && *us == 2 && microseconds(1, 0).status() == MAESTRINO_OUT_OF_RANGE);
}

// The example at the head of maestrino.hpp.
void head() {
    const layer conv(kind::conv, {{dim::k, 8}, {dim::c, 3}, {dim::r, 3}, {dim::s, 3}, {dim::y, 66}, {dim::x, 66}});
    const auto flow = dataflow::preset(preset::kcp_ws, conv);
    const auto cost = flow ? estimate(conv, *flow, hardware(256)) : flow.failure();
    HOLDS(cost && cost->cycles > 0);
}

void networks(const std::vector<uint8_t> &blob) {
    const hardware array(256);
    const auto opened = network::open(blob);
    HOLDS(opened && opened->size() > 1 && !opened->name().empty());
    const network &net = *opened;

    uint64_t cycles = 0;
    size_t count = 0;
    for (const network_layer &layer : net) {
        const auto flow = net.dataflow(layer.dataflow);
        const auto cost = flow ? estimate(layer.shape(), *flow, array) : flow.failure();
        HOLDS(cost && layer.name().size() > 0);
        cycles += cost->cycles;
        ++count;
    }
    auto last = net.begin();
    while (last != net.end()) {
        ++last;
    }
    HOLDS(count == net.size() && last == net.end() && last.status() == MAESTRINO_END);
    HOLDS(net.dataflow(200).status() == MAESTRINO_END);

    const auto sum = estimate(net, array);
    HOLDS(sum && sum->cycles == cycles && sum->layers == count && nanojoules(*sum) > 0);
    uint64_t visited = 0;
    const auto each = estimate_each(net, array, [&](uint32_t, const network_layer &, const cost &cost) {
        visited += cost.cycles;
        return true;
    });
    HOLDS(each && visited == cycles);
    const auto stopped =
        estimate_each(net, array, [](uint32_t index, const network_layer &, const cost &) { return index < 1; });
    HOLDS(!stopped && stopped.status() == MAESTRINO_STOPPED && stopped.fault().layer == 1 && stopped->cycles == 0);
    HOLDS(estimate(net, hardware(1)).status() == MAESTRINO_CLUSTER_EXCEEDS_ARRAY);

    const std::array<network, 2> both{net, net};
    const auto in_time = choose(both, array, 1000000, cycles);
    HOLDS(in_time && in_time->in_time && in_time->index == 0 && in_time->total.cycles == cycles);
    const auto late = choose(both, array, 1000000, cycles - 1);
    HOLDS(late && !late->in_time && late->total.cycles == cycles);
    HOLDS(choose({}, array, 1000000, 1).status() == MAESTRINO_END);
    HOLDS(choose({&net, 1}, array, 0, 1).status() == MAESTRINO_OUT_OF_RANGE);

    static const uint8_t junk[32] = {1, 2, 3};
    HOLDS(network::open(junk).status() == MAESTRINO_BLOB_MAGIC);
    HOLDS(network::open({blob.data(), blob.size() - 1}).status() == MAESTRINO_BLOB_TRUNCATED);
    HOLDS(network::open({}).status() == MAESTRINO_NULL_POINTER);
    for (const network_layer &layer : network()) {
        HOLDS(layer.name().empty() && false);
    }
}

} // namespace

int main(int argc, char **argv) {
    std::FILE *file = argc == 2 ? std::fopen(argv[1], "rb") : nullptr;
    if (!file) {
        std::fprintf(stderr, "usage: %s BLOB\n", argv[0]);
        return 2;
    }
    std::vector<uint8_t> blob(1 << 16);
    blob.resize(std::fread(blob.data(), 1, blob.size(), file));
    std::fclose(file);
    HOLDS(compatible());
    head();
    layers_and_dataflows();
    networks(blob);
    return failures ? 1 : 0;
}
