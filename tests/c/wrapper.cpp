// Tests the wrapper include/maestrino.hpp. tests/c_programs.rs runs it, without exceptions and RTTI.
//
//   wrapper BLOB TIGHT
//
// BLOB and TIGHT contain the same network, the latter for an accelerator whose buffers are too small for it.

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

template <class T, class C>
constexpr bool is_a = std::is_trivially_copyable_v<T> && std::is_standard_layout_v<T> && sizeof(T) == sizeof(C);
static_assert(is_a<layer, maestrino_layer> && is_a<dataflow, maestrino_dataflow> && is_a<hardware, maestrino_hardware>);
static_assert(is_a<energies, maestrino_energies> && is_a<cost, maestrino_cost> && is_a<total, maestrino_total>);
static_assert(is_a<network, maestrino_network> && is_a<network_layer, maestrino_network_layer>);
static_assert(is_a<fault, maestrino_fault> && is_a<maestro::cost, maestrino_maestro_cost>);
static_assert(std::is_trivially_copyable_v<result<cost>>);

// Each struct begins with its size, even in a result without a value.
template <class T, class C>
bool told(const T &made) {
    return made.struct_size == MAESTRINO_SIZE_OF_STRUCT(C) && T(C{}).struct_size == made.struct_size;
}

void sizes() {
    HOLDS(told<layer, maestrino_layer>({}) && told<sized<maestrino_dataflow>, maestrino_dataflow>(dataflow()));
    HOLDS(told<sized<maestrino_hardware>, maestrino_hardware>(hardware()));
    HOLDS(told<sized<maestrino_hardware>, maestrino_hardware>(hardware(7)));
    HOLDS(told<energies, maestrino_energies>({}) && told<cost, maestrino_cost>({}) && told<total, maestrino_total>({}));
    HOLDS(told<sized<maestrino_network>, maestrino_network>(network()));
    HOLDS(told<network_layer, maestrino_network_layer>({}) && told<maestro::cost, maestrino_maestro_cost>({}));
    HOLDS(told<sized<maestrino_fault>, maestrino_fault>(fault()));
    // Failed results have sizes, too.
    HOLDS(microseconds(1, 0).fault().struct_size == MAESTRINO_SIZE_OF_STRUCT(maestrino_fault));
    HOLDS(network::open({})->struct_size == MAESTRINO_SIZE_OF_STRUCT(maestrino_network));
}

// All of this is computed at compile time.
constexpr layer CONV(kind::conv, {{dim::k, 8}, {dim::c, 4}, {dim::r, 3}, {dim::s, 3}, {dim::y, 16}, {dim::x, 16}});
static_assert(CONV.size(dim::k) == 8 && CONV.size(dim::n) == 0 && CONV.what() == kind::conv && CONV.stride_x == 1);
constexpr layer UPSAMPLED = CONV.with_inserted_zeros({2, 1}, {});
static_assert(UPSAMPLED.one_in_y == 2 && UPSAMPLED.phase_y == 1 && UPSAMPLED.one_in_x == 1 && UPSAMPLED.phase_x == 0);
static_assert(fits(cost()) && fits(total()) && hardware().with_activations(activations::automatic).activations == 2);
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
    layer initialised;
    HOLDS(maestrino_layer_init(MAESTRINO_CONV, &initialised) == MAESTRINO_OK);
    const layer fresh;
    HOLDS(std::memcmp(&initialised, &fresh, sizeof fresh) == 0);
    HOLDS(std::string_view(missing.text()) == maestrino_status_text(MAESTRINO_MISSING_DIM));

    const hardware array(64);
    HOLDS(array.check().status == MAESTRINO_OK && array.pes == 64);
    const auto rows = estimate(CONV, ROWS, array);
    HOLDS(rows && rows->cycles > 0 && ROWS.check(CONV, 64).status == MAESTRINO_OK);
    cost raw;
    HOLDS(maestrino_estimate_layer(&CONV, &ROWS, &array, nullptr, &raw, nullptr) == MAESTRINO_OK);
    HOLDS(std::memcmp(&raw, &*rows, sizeof raw) == 0);
    HOLDS(nanojoules(*rows) == raw.mac_nj + raw.l1_nj + raw.cluster_nj + raw.l2_nj + raw.offchip_nj);
    const auto most = static_cast<int>(bound_by(*rows));
    for (const uint64_t cycles : raw.bound_cycles) {
        HOLDS(cycles <= raw.bound_cycles[most]);
    }
    energies own;
    const auto by_default = estimate(CONV, ROWS, array, own);
    HOLDS(by_default && std::memcmp(&*by_default, &*rows, sizeof raw) == 0);
    own.mac = 1;
    const auto counted = estimate(CONV, ROWS, array, own);
    HOLDS(counted && counted->mac_nj == static_cast<double>(counted->operations));
    own.cluster = -1;
    HOLDS(estimate(CONV, ROWS, array, own).status() == MAESTRINO_OUT_OF_RANGE);

    // Inserted zeros between the rows of an input cost no reads.
    const auto sparse = estimate(UPSAMPLED, ROWS, array);
    HOLDS(sparse && sparse->l2.input < rows->l2.input);
    HOLDS(CONV.with_inserted_zeros({2, 2}, {}).macs().status() != MAESTRINO_OK);

    // Buffers that are too small.
    hardware tight = array;
    HOLDS(fits(*rows) && fits(*rows, buffer::l1) && fits(*rows, buffer::l2));
    tight.l1_bytes = 1;
    const auto no_l1 = estimate(CONV, ROWS, tight);
    HOLDS(no_l1 && !fits(*no_l1) && !fits(*no_l1, buffer::l1) && fits(*no_l1, buffer::l2) && no_l1->l1_bytes > 1);
    tight.l2_bytes = 1;
    const auto no_l2 = estimate(CONV, ROWS, tight);
    HOLDS(no_l2 && !fits(*no_l2, buffer::l2) && no_l2->cycles == MAESTRINO_NO_CYCLES);
    const hardware inside = array.with_activations(activations::in_l2);
    const auto stays = estimate(CONV, ROWS, inside);
    HOLDS(inside.where() == activations::in_l2 && stays && stays->offchip.input == 0 && rows->offchip.input > 0);

    // MAESTRO's model has figures of its own.
    const auto published = maestro::estimate(CONV, ROWS, array);
    HOLDS(published && published->cycles > 0 && maestro::nanojoules(*published) > 0);
    HOLDS(maestro::estimate(CONV, ROWS, hardware(0)).status() == MAESTRINO_BAD_PES);

    // An invalid value is reported where it is used.
    const auto none = estimate(CONV, ROWS, hardware(0));
    HOLDS(!none && none.status() == MAESTRINO_BAD_PES && hardware(0).check().status == MAESTRINO_BAD_PES);
    HOLDS(hardware().check().status != MAESTRINO_OK);
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

void networks(const std::vector<uint8_t> &blob, const std::vector<uint8_t> &tight_blob) {
    const auto opened = network::open(blob);
    HOLDS(opened && opened->size() > 1 && !opened->name().empty());
    const network &net = *opened;
    const auto own = net.hardware();
    const auto nj = net.energies();
    HOLDS(own && own->check().status == MAESTRINO_OK && own->clock_hz > 0 && nj && nj->offchip > 0);

    // The costs from the blob equal those of the whole analysis.
    uint64_t cycles = 0;
    size_t count = 0;
    std::vector<cost> costs;
    for (const network_layer &layer : net) {
        const auto flow = net.dataflow(layer.dataflow);
        costs.push_back(*(flow ? estimate(layer.shape(), *flow, *own, *nj) : flow.failure()));
        HOLDS(flow && fits(costs.back()) && layer.name().size() > 0);
        cycles += costs.back().cycles;
        ++count;
    }
    auto last = net.begin();
    while (last != net.end()) {
        ++last;
    }
    HOLDS(count == net.size() && last == net.end() && last.status() == MAESTRINO_END);
    HOLDS(net.dataflow(200).status() == MAESTRINO_END);

    const auto sum = estimate(net);
    HOLDS(sum && sum->cycles == cycles && sum->layers == count && nanojoules(*sum) > 0 && fits(*sum));
    const auto same = estimate(net, *own, *nj);
    HOLDS(same && std::memcmp(&*same, &*sum, sizeof(total)) == 0);
    bool alike = true;
    const auto each = estimate_each(net, [&](uint32_t index, const network_layer &, const cost &found) {
        alike = alike && std::memcmp(&found, &costs[index], sizeof found) == 0;
        return true;
    });
    HOLDS(each && alike && each->cycles == cycles);
    const auto stopped = estimate_each(
        net, [](uint32_t index, const network_layer &, const cost &) { return index < 1; }, *own, *nj);
    HOLDS(!stopped && stopped.status() == MAESTRINO_STOPPED && stopped.fault().layer == 1 && stopped->cycles == 0);

    // Other accelerators. Those that change the counts are refused.
    HOLDS(estimate(net, hardware(own->pes + 1)).status() == MAESTRINO_OTHER_ACCELERATOR);
    HOLDS(estimate(net, hardware(0)).status() == MAESTRINO_BAD_PES);
    hardware slow = *own;
    slow.noc[0].bandwidth = 1;
    const auto slower = estimate(net, slow);
    HOLDS(slower && slower->cycles > cycles && slower->l2_bytes == sum->l2_bytes);
    slow.l1_bytes = 1;
    const auto overflowing = estimate(net, slow);
    HOLDS(overflowing && !fits(*overflowing) && !fits(*overflowing, buffer::l1) && fits(*overflowing, buffer::l2));
    HOLDS(overflowing->cycles == slower->cycles && overflowing->misfit_layers == count);
    energies ones = *nj;
    ones.mac = 1;
    const auto counted = estimate(net, {}, ones);
    HOLDS(counted && counted->cycles == cycles && counted->mac_nj >= static_cast<double>(count));

    // Choices.
    hardware megahertz = *own;
    megahertz.clock_hz = 1000000;
    const std::array<network, 2> both{net, net};
    const auto in_time = choose(both, cycles, megahertz);
    HOLDS(in_time && in_time->in_time && in_time->fits && in_time->index == 0 && in_time->total.cycles == cycles);
    const auto late = choose(both, cycles - 1, megahertz);
    HOLDS(late && !late->in_time && late->fits && late->total.cycles == cycles);
    const auto own_clock = choose(both, UINT64_MAX);
    HOLDS(own_clock && own_clock->in_time && own_clock->total.cycles == cycles);
    const auto tight = network::open(tight_blob);
    HOLDS(tight && tight->size() == count && !fits(*estimate(*tight)));
    const auto none = choose({&*tight, 1}, UINT64_MAX);
    HOLDS(none && !none->in_time && !none->fits && none->index == 0 && none->total.misfit_layers > 0);
    const std::array<network, 2> second{*tight, net};
    const auto next = choose(second, UINT64_MAX);
    HOLDS(next && next->in_time && next->index == 1);
    const auto nearest = choose(second, 0);
    HOLDS(nearest && nearest->fits && !nearest->in_time && nearest->index == 1);
    HOLDS(choose({}, 1).status() == MAESTRINO_END);
    HOLDS(choose(second, 1, *own).status() == MAESTRINO_OTHER_ACCELERATOR);
    const auto mapped = choose_mapping(net, 0);
    HOLDS(mapped && mapped->cycles > 0 && mapping(net, 0, mapped->mapping));
    HOLDS(mapping(net, 0, 255).status() == MAESTRINO_END);
    HOLDS(choose_mapping(*tight, 0).status() == MAESTRINO_NO_CHOICE);
    megahertz.clock_hz = 0;
    HOLDS(choose({&net, 1}, 1, megahertz).status() == MAESTRINO_OUT_OF_RANGE);

    static const uint8_t junk[32] = {1, 2, 3};
    HOLDS(network::open(junk).status() == MAESTRINO_BLOB_MAGIC);
    HOLDS(network::open({blob.data(), blob.size() - 1}).status() == MAESTRINO_BLOB_TRUNCATED);
    HOLDS(network::open({}).status() == MAESTRINO_NULL_POINTER);
    const network unopened;
    HOLDS(unopened.hardware().status() == MAESTRINO_NULL_POINTER);
    HOLDS(unopened.energies().status() == MAESTRINO_NULL_POINTER);
    HOLDS(estimate(unopened).status() == MAESTRINO_NULL_POINTER);
    for (const network_layer &layer : unopened) {
        HOLDS(layer.name().empty() && false);
    }
}

std::vector<uint8_t> contents(const char *path) {
    std::vector<uint8_t> bytes(1 << 16);
    std::FILE *file = std::fopen(path, "rb");
    bytes.resize(file ? std::fread(bytes.data(), 1, bytes.size(), file) : 0);
    if (file) {
        std::fclose(file);
    }
    return bytes;
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: %s BLOB TIGHT\n", argv[0]);
        return 2;
    }
    HOLDS(compatible());
    sizes();
    head();
    layers_and_dataflows();
    networks(contents(argv[1]), contents(argv[2]));
    return failures ? 1 : 0;
}
