/*
 * maestrino: what neural-network layers cost on spatial accelerators, in C++17.
 *
 *     using namespace maestrino;
 *     const layer conv(kind::conv, {{dim::k, 8}, {dim::c, 3}, {dim::r, 3}, {dim::s, 3}, {dim::y, 66}, {dim::x, 66}});
 *     const auto flow = dataflow::preset(preset::kcp_ws, conv);
 *     const auto cost = flow ? estimate(conv, *flow, hardware(256)) : flow.failure();
 *     if (cost) use(cost->cycles); else complain(cost.text());
 *
 * A thin layer over maestrino.h, for firmware as well: no exceptions, no RTTI, no allocation, no standard library.
 * Everything is a value; networks refer to the caller's bytes. What is built here is checked where it is used: by the
 * functions that return a result. All structs are those of maestrino.h, with their sizes set.
 *
 * Sizes and counts are in elements, buffers in bytes; bandwidths in bytes/cycle; delays in cycles; energies in nJ.
 */

#ifndef MAESTRINO_HPP
#define MAESTRINO_HPP

#include "maestrino.h"

namespace maestrino {

/// A `MAESTRINO_...` status code.
using status = ::maestrino_status;

/// A struct of maestrino.h that begins with its size. All other members are zero at first.
template <class T>
struct sized : T {
    constexpr sized() noexcept : T{} { set_size(); }
    /// A copy of the members that this header knows, whatever size `other` states.
    constexpr sized(const T &other) noexcept : T(other) { set_size(); }

private:
    /// Does the same as MAESTRINO_SIZE_OF_STRUCT, which uses a C cast.
    constexpr void set_size() noexcept { this->struct_size = 0x4D530000u | static_cast<uint32_t>(sizeof(T)); }
};

/// The cost of a layer.
using cost = sized<::maestrino_cost>;
/// The cost of a network.
using total = sized<::maestrino_total>;

/// Where and why something failed. A new fault says that nothing has failed.
struct fault : sized<::maestrino_fault> {
    constexpr fault() noexcept {
        dim = -1;
        layer = UINT32_MAX;
    }
};

/// Dimensions of a layer; `out_x` and `out_y` are output extents, `x` and `y` input extents, padding included.
enum class dim : int32_t {
    c = MAESTRINO_C,
    g = MAESTRINO_G,
    k = MAESTRINO_K,
    m = MAESTRINO_M,
    n = MAESTRINO_N,
    r = MAESTRINO_R,
    s = MAESTRINO_S,
    x = MAESTRINO_X,
    out_x = MAESTRINO_OUT_X,
    y = MAESTRINO_Y,
    out_y = MAESTRINO_OUT_Y,
};

/// What a layer computes. `maestrino_kind` lists the dimensions that each kind needs.
enum class kind : int32_t {
    conv = MAESTRINO_CONV,
    dsconv = MAESTRINO_DSCONV,
    ngconv = MAESTRINO_NGCONV,
    trconv = MAESTRINO_TRCONV,
    gemm = MAESTRINO_GEMM,
    fc = MAESTRINO_FC,
    pool = MAESTRINO_POOL,
    eltwise = MAESTRINO_ELTWISE,
};

/// Named dataflows. `maestrino_preset` describes each of them and lists its tiles.
enum class preset : int32_t {
    kcp_ws = MAESTRINO_KCP_WS,
    xp_ws = MAESTRINO_XP_WS,
    rs = MAESTRINO_RS,
    ykp_os = MAESTRINO_YKP_OS,
    yxp_os = MAESTRINO_YXP_OS,
    ckp_ws = MAESTRINO_CKP_WS,
    nlr = MAESTRINO_NLR,
    maeri = MAESTRINO_MAERI,
    dpt = MAESTRINO_DPT,
    nmk = MAESTRINO_NMK,
    kxc_os = MAESTRINO_KXC_OS,
    nkp_ws = MAESTRINO_NKP_WS,
    cyr_rs = MAESTRINO_CYR_RS,
};

/// What cycles wait for.
enum class bound : int32_t {
    compute = MAESTRINO_BOUND_COMPUTE,
    noc_in = MAESTRINO_BOUND_NOC_IN,
    noc_out = MAESTRINO_BOUND_NOC_OUT,
    offchip = MAESTRINO_BOUND_OFFCHIP,
};

/// Buffers, for `fits`.
enum class buffer : uint32_t {
    l1 = MAESTRINO_L1,
    cluster_buffer = MAESTRINO_CLUSTER_BUFFER,
    l2 = MAESTRINO_L2,
};

/// Where the activations of a network live.
enum class activations : uint32_t {
    offchip = MAESTRINO_OFFCHIP,
    in_l2 = MAESTRINO_IN_L2,
    automatic = MAESTRINO_AUTO,
};

/// Whether the library matches this header: a compatible ABI version, and structs of the same sizes.
inline bool compatible() noexcept {
    const uint32_t version = maestrino_abi_version();
    return version / 1000 == MAESTRINO_ABI_VERSION / 1000 && version >= MAESTRINO_ABI_VERSION &&
           maestrino_struct_size(MAESTRINO_STRUCT_LAYER) == sizeof(::maestrino_layer) &&
           maestrino_struct_size(MAESTRINO_STRUCT_DATAFLOW) == sizeof(::maestrino_dataflow) &&
           maestrino_struct_size(MAESTRINO_STRUCT_HARDWARE) == sizeof(::maestrino_hardware) &&
           maestrino_struct_size(MAESTRINO_STRUCT_ENERGIES) == sizeof(::maestrino_energies) &&
           maestrino_struct_size(MAESTRINO_STRUCT_COST) == sizeof(::maestrino_cost) &&
           maestrino_struct_size(MAESTRINO_STRUCT_TOTAL) == sizeof(::maestrino_total) &&
           maestrino_struct_size(MAESTRINO_STRUCT_NETWORK) == sizeof(::maestrino_network) &&
           maestrino_struct_size(MAESTRINO_STRUCT_NETWORK_LAYER) == sizeof(::maestrino_network_layer) &&
           maestrino_struct_size(MAESTRINO_STRUCT_FAULT) == sizeof(::maestrino_fault) &&
           maestrino_struct_size(MAESTRINO_STRUCT_MAESTRO_COST) == sizeof(::maestrino_maestro_cost);
}

/// English text of a status.
inline const char *text(status code) noexcept {
    return maestrino_status_text(code);
}

/// A sequence of values that is stored elsewhere, like std::span of C++20.
template <class T>
class view {
public:
    constexpr view() noexcept = default;
    constexpr view(const T *data, size_t size) noexcept : data_(data), size_(size) {}
    template <size_t N>
    constexpr view(const T (&array)[N]) noexcept : data_(array), size_(N) {}
    /// A view of a std::array, std::vector, std::span, ... of T.
    template <class C, class = decltype(static_cast<const T *>(static_cast<const C *>(nullptr)->data())),
              class = decltype(static_cast<const C *>(nullptr)->size())>
    constexpr view(const C &values) noexcept : data_(values.data()), size_(values.size()) {}

    constexpr const T *data() const noexcept { return data_; }
    constexpr size_t size() const noexcept { return size_; }
    constexpr bool empty() const noexcept { return size_ == 0; }
    constexpr const T &operator[](size_t i) const noexcept { return data_[i]; }
    constexpr const T *begin() const noexcept { return data_; }
    constexpr const T *end() const noexcept { return data_ + size_; }

private:
    const T *data_ = nullptr;
    size_t size_ = 0;
};

/// Bytes of a network blob.
using bytes = view<uint8_t>;
/// Text, not terminated. A std::string_view can be made from its data() and size().
using utf8 = view<char>;

/// An optional argument. For `{}`, the library takes a default.
template <class T>
struct maybe {
    constexpr maybe() noexcept = default;
    constexpr maybe(const T &given) noexcept : pointer(&given) {}

    const T *pointer = nullptr;
};

/// The reason why there is no value. It converts to a failed result of any type.
struct failed {
    fault why;
};

/// A value, or the reason why there is none. The value of a failed result is value-initialised.
template <class T>
class result {
public:
    constexpr result(const T &value) noexcept : value_(value) {}
    constexpr result(const failed &other) noexcept : fault_(other.why), value_{} {}

    /// Makes a result with `fill(T *, fault *)`, which writes the value and returns the status.
    template <class F>
    static result of(F &&fill) noexcept {
        result made{failed{}};
        made.fault_.status = fill(&made.value_, &made.fault_);
        return made;
    }

    constexpr explicit operator bool() const noexcept { return fault_.status == MAESTRINO_OK; }
    constexpr maestrino::status status() const noexcept { return fault_.status; }
    constexpr const maestrino::fault &fault() const noexcept { return fault_; }
    constexpr failed failure() const noexcept { return {fault_}; }
    /// English text of the status.
    const char *text() const noexcept { return maestrino::text(fault_.status); }

    constexpr const T &operator*() const noexcept { return value_; }
    constexpr const T *operator->() const noexcept { return &value_; }
    constexpr T value_or(const T &other) const noexcept { return *this ? value_ : other; }

private:
    maestrino::fault fault_;
    T value_;
};

/// The size of one dimension.
struct extent {
    maestrino::dim dim;
    /// Size in elements.
    uint32_t size;
};

/// Zeros inserted between the elements of an input: every `one_in`-th row (or column) is an element, beginning with
/// number `phase`.
struct inserted {
    uint32_t one_in = 1;
    uint32_t phase = 0;
};

/// A layer.
struct layer : sized<::maestrino_layer> {
    constexpr layer() noexcept { stride_y = stride_x = one_in_y = one_in_x = 1; }
    constexpr layer(const ::maestrino_layer &other) noexcept : sized(other) {}
    /// A layer with these dimensions, in elements. Give each dimension once, and either input or output extents, not
    /// both. Strides are those of the filter.
    template <size_t N>
    constexpr layer(maestrino::kind what, const extent (&extents)[N], uint32_t stride_along_y = 1,
                    uint32_t stride_along_x = 1) noexcept
        : layer() {
        kind = static_cast<int32_t>(what);
        stride_y = stride_along_y;
        stride_x = stride_along_x;
        for (const extent &given : extents) {
            sizes[static_cast<int32_t>(given.dim)] = given.size;
        }
    }

    /// The same layer with zeros inserted into its input, as in an upsampling transposed convolution.
    constexpr layer with_inserted_zeros(inserted along_y, inserted along_x) const noexcept {
        layer upsampled = *this;
        upsampled.one_in_y = along_y.one_in;
        upsampled.phase_y = along_y.phase;
        upsampled.one_in_x = along_x.one_in;
        upsampled.phase_x = along_x.phase;
        return upsampled;
    }

    /// Size of a dimension in elements; 0 if the layer lacks it.
    constexpr uint32_t size(dim which) const noexcept { return sizes[static_cast<int32_t>(which)]; }
    constexpr maestrino::kind what() const noexcept { return static_cast<maestrino::kind>(kind); }

    /// Number of multiply-accumulates, from the shape; 0 for pooling and elementwise operations. Fails if the layer
    /// is invalid.
    result<uint64_t> macs() const noexcept {
        return result<uint64_t>::of([&](uint64_t *out, fault *why) { return maestrino_layer_macs(this, out, why); });
    }
};

/// A size in elements: a number, or a size that depends on the layer, as `size_of(dim::r)` or `8 + size_of(dim::s) -
/// 1`.
struct size : ::maestrino_size {
    constexpr size(int32_t elements) noexcept : ::maestrino_size{elements, -1} {}
    constexpr size(int32_t elements, dim added) noexcept : ::maestrino_size{elements, static_cast<int32_t>(added)} {}

    constexpr size plus(int32_t elements) const noexcept {
        size sum = *this;
        sum.base += elements;
        return sum;
    }
    friend constexpr size operator+(size left, int32_t elements) noexcept { return left.plus(elements); }
    friend constexpr size operator+(int32_t elements, size right) noexcept { return right.plus(elements); }
    friend constexpr size operator-(size left, int32_t elements) noexcept { return left.plus(-elements); }
};

/// `Sz(dim)`: the size of a dimension of the layer.
constexpr size size_of(dim which) noexcept {
    return size(0, which);
}

/// A line of a dataflow.
using directive = ::maestrino_directive;

/// `TemporalMap(size, offset) dim`: tiles one after the other, each `offset` elements after the one before.
constexpr directive temporal_map(size tile, size offset, dim mapped) noexcept {
    return {MAESTRINO_TEMPORAL_MAP, static_cast<int32_t>(mapped), tile, offset};
}

/// `SpatialMap(size, offset) dim`: tiles side by side, each `offset` elements after the one before.
constexpr directive spatial_map(size tile, size offset, dim mapped) noexcept {
    return {MAESTRINO_SPATIAL_MAP, static_cast<int32_t>(mapped), tile, offset};
}

/// `Cluster(size, P)`: the directives that follow map a tile over the members of a cluster.
constexpr directive cluster(size members) noexcept {
    return {MAESTRINO_CLUSTER, 0, members, size(0)};
}

/// Tile sizes of a preset in the order that `maestrino_preset` lists; 0 for the default.
struct tiles {
    uint32_t sizes[MAESTRINO_MAX_TILES];
};

/// A dataflow: directives, outermost first. `dataflow({spatial_map(1, 1, dim::k), ...})`.
struct dataflow : sized<::maestrino_dataflow> {
    constexpr dataflow() noexcept = default;
    template <size_t N>
    constexpr dataflow(const directive (&lines)[N]) noexcept {
        static_assert(N <= MAESTRINO_MAX_DIRECTIVES, "a dataflow has at most MAESTRINO_MAX_DIRECTIVES directives");
        for (const directive &line : lines) {
            push(line);
        }
    }

    /// Appends a directive if there is room. A dataflow that is too long is refused when it is used.
    constexpr void push(const directive &line) noexcept {
        if (count < MAESTRINO_MAX_DIRECTIVES) {
            directives[count] = line;
        }
        count = count <= MAESTRINO_MAX_DIRECTIVES ? count + 1 : count;
    }

    constexpr size_t size() const noexcept { return count; }
    constexpr const directive *begin() const noexcept { return directives; }
    constexpr const directive *end() const noexcept {
        return directives + (count < MAESTRINO_MAX_DIRECTIVES ? count : MAESTRINO_MAX_DIRECTIVES);
    }

    /// The dataflow of a preset for a layer, or of another preset if this one cannot map the layer's kind. If
    /// `fit_pes` is not 0, clusters shrink until one fits into that many PEs.
    static result<dataflow> preset(maestrino::preset which, const ::maestrino_layer &layer,
                                   uint32_t fit_pes = 0) noexcept {
        return preset(which, layer, tiles{}, fit_pes);
    }
    /// The same with tile sizes.
    static result<dataflow> preset(maestrino::preset which, const ::maestrino_layer &layer, const tiles &own,
                                   uint32_t fit_pes = 0) noexcept {
        return result<dataflow>::of([&](dataflow *out, fault *why) {
            return maestrino_dataflow_preset(static_cast<int32_t>(which), &layer, own.sizes, fit_pes, out, why);
        });
    }

    /// Checks whether the dataflow suits a layer and an array of `pes` PEs. The status of the result is MAESTRINO_OK
    /// if it does.
    fault check(const ::maestrino_layer &layer, uint32_t pes) const noexcept {
        fault why;
        why.status = maestrino_dataflow_check(&layer, this, pes, &why);
        return why;
    }
};

/// An accelerator.
struct hardware : sized<::maestrino_hardware> {
    /// No accelerator yet: it is refused when it is used.
    constexpr hardware() noexcept = default;
    /// An array of `array` PEs with one lane each, elements of one byte, double buffers, a NoC latency of one cycle,
    /// a clock of 200 MHz, and no limit on buffers and bandwidths. Change the members that differ. A number out of
    /// range is refused when the accelerator is used.
    explicit hardware(uint32_t array) noexcept {
        if (maestrino_hardware_init(array, this) != MAESTRINO_OK) {
            maestrino_hardware_init(1, this);
            pes = array;
        }
    }

    /// Where activations live.
    constexpr maestrino::activations where() const noexcept {
        return static_cast<maestrino::activations>(activations);
    }
    /// The same accelerator with another place for activations.
    constexpr hardware with_activations(maestrino::activations there) const noexcept {
        hardware other = *this;
        other.activations = static_cast<uint32_t>(there);
        return other;
    }

    /// Checks whether the accelerator is valid. The status of the result is MAESTRINO_OK if it is.
    fault check() const noexcept {
        fault why;
        why.status = maestrino_hardware_check(this, &why);
        return why;
    }
};

/// nJ of each kind of event, initially the defaults of the library.
struct energies : sized<::maestrino_energies> {
    energies() noexcept { maestrino_energies_init(this); }
    constexpr energies(const ::maestrino_energies &other) noexcept : sized(other) {}
};

/// A layer of a network blob.
struct network_layer : sized<::maestrino_network_layer> {
    constexpr network_layer() noexcept = default;
    constexpr network_layer(const ::maestrino_network_layer &other) noexcept : sized(other) {}

    /// Name of the layer, in the caller's bytes.
    constexpr utf8 name() const noexcept { return {::maestrino_network_layer::name, name_length}; }
    constexpr maestrino::layer shape() const noexcept { return layer; }
};

/// A network blob, read in place. Its bytes must be neither moved nor changed.
struct network : sized<::maestrino_network> {
    constexpr network() noexcept = default;

    /// Checks a whole blob.
    static result<network> open(bytes blob) noexcept {
        return result<network>::of(
            [&](network *out, fault *why) { return maestrino_network_open(blob.data(), blob.size(), out, why); });
    }

    constexpr utf8 name() const noexcept { return {::maestrino_network::name, name_length}; }
    /// Number of layers.
    constexpr size_t size() const noexcept { return layer_count; }

    /// The dataflow with the given number, see `network_layer::dataflow`; MAESTRINO_END if there is none.
    result<maestrino::dataflow> dataflow(uint32_t number) const noexcept {
        return result<maestrino::dataflow>::of(
            [&](maestrino::dataflow *out, fault *) { return maestrino_network_dataflow(this, number, out); });
    }

    /// The accelerator for which the network was compiled, including its clock.
    result<maestrino::hardware> hardware() const noexcept {
        return result<maestrino::hardware>::of(
            [&](maestrino::hardware *out, fault *) { return maestrino_network_hardware(this, out); });
    }

    /// The energies of the accelerator for which the network was compiled.
    result<maestrino::energies> energies() const noexcept {
        return result<maestrino::energies>::of(
            [&](maestrino::energies *out, fault *) { return maestrino_network_energies(this, out); });
    }

    struct sentinel {};

    /// Iterates over the layers in execution order, decoding one at a time.
    class iterator {
    public:
        explicit iterator(const network &whole) noexcept : network_(whole) { ++*this; }
        const network_layer &operator*() const noexcept { return layer_; }
        const network_layer *operator->() const noexcept { return &layer_; }
        iterator &operator++() noexcept {
            status_ = maestrino_network_next(&network_, &cursor_, &layer_);
            return *this;
        }
        bool operator!=(sentinel) const noexcept { return status_ == MAESTRINO_OK; }
        bool operator==(sentinel) const noexcept { return status_ != MAESTRINO_OK; }
        /// MAESTRINO_END after the last layer. Any other error means that the bytes have changed since `open`.
        maestrino::status status() const noexcept { return status_; }

    private:
        const network &network_;
        ::maestrino_cursor cursor_{};
        network_layer layer_;
        maestrino::status status_ = MAESTRINO_OK;
    };

    iterator begin() const noexcept { return iterator(*this); }
    sentinel end() const noexcept { return {}; }
};

/// Total energy in nJ.
constexpr double nanojoules(const ::maestrino_cost &of) noexcept {
    return of.mac_nj + of.l1_nj + of.cluster_nj + of.l2_nj + of.offchip_nj;
}

/// Total energy in nJ.
constexpr double nanojoules(const ::maestrino_total &of) noexcept {
    return of.mac_nj + of.l1_nj + of.cluster_nj + of.l2_nj + of.offchip_nj;
}

/// Whether all buffers are large enough for a layer.
constexpr bool fits(const ::maestrino_cost &of) noexcept {
    return of.misfits == 0;
}

/// Whether all buffers are large enough for each layer of a network.
constexpr bool fits(const ::maestrino_total &of) noexcept {
    return of.misfits == 0;
}

/// Whether the given buffer is large enough.
constexpr bool fits(const ::maestrino_cost &of, buffer which) noexcept {
    return (of.misfits & static_cast<uint32_t>(which)) == 0;
}

/// Whether the given buffer is large enough.
constexpr bool fits(const ::maestrino_total &of, buffer which) noexcept {
    return (of.misfits & static_cast<uint32_t>(which)) == 0;
}

/// What most cycles wait for; the first one if several are equal.
constexpr bound bound_by(const ::maestrino_cost &of) noexcept {
    int32_t most = 0;
    for (int32_t i = 1; i < 4; ++i) {
        most = of.bound_cycles[i] > of.bound_cycles[most] ? i : most;
    }
    return static_cast<bound>(most);
}

/// The cost of a layer under a dataflow, with the default energies unless you give your own. Buffers that are too
/// small are not a failure: see `fits`.
inline result<cost> estimate(const ::maestrino_layer &layer, const ::maestrino_dataflow &dataflow,
                             const ::maestrino_hardware &hardware, maybe<::maestrino_energies> own = {}) noexcept {
    return result<cost>::of([&](cost *out, fault *why) {
        return maestrino_estimate_layer(&layer, &dataflow, &hardware, own.pointer, out, why);
    });
}

/// MAESTRO's model, with its faults, for comparisons with MAESTRO.
namespace maestro {

/// The cost of a layer.
using cost = sized<::maestrino_maestro_cost>;

/// As `maestrino::estimate` for a layer.
inline result<cost> estimate(const ::maestrino_layer &layer, const ::maestrino_dataflow &dataflow,
                             const ::maestrino_hardware &hardware, maybe<::maestrino_energies> own = {}) noexcept {
    return result<cost>::of([&](cost *out, fault *why) {
        return maestrino_maestro_estimate_layer(&layer, &dataflow, &hardware, own.pointer, out, why);
    });
}

/// Total energy in nJ.
constexpr double nanojoules(const ::maestrino_maestro_cost &of) noexcept {
    return of.mac_nj + of.l1_nj + of.l2_nj;
}

} // namespace maestro

/// The cost of a network, layer by layer, on the accelerator for which it was compiled. You may give another
/// accelerator that differs in clock, lanes, bandwidths, latencies, and in the sizes of L1 and of cluster buffers,
/// and other energies.
inline result<total> estimate(const ::maestrino_network &network, maybe<::maestrino_hardware> hardware = {},
                              maybe<::maestrino_energies> own = {}) noexcept {
    return result<total>::of([&](total *out, fault *why) {
        return maestrino_estimate_network(&network, hardware.pointer, own.pointer, nullptr, nullptr, out, why);
    });
}

/// The same, but calls `visit(uint32_t index, const network_layer &, const cost &)` for each layer. `visit` returns
/// whether to go on; if not, the result is MAESTRINO_STOPPED. It must not throw.
template <class Visit>
result<total> estimate_each(const ::maestrino_network &network, Visit visit,
                            maybe<::maestrino_hardware> hardware = {}, maybe<::maestrino_energies> own = {}) noexcept {
    const auto call = [](void *user, uint32_t index, const ::maestrino_network_layer *layer,
                         const ::maestrino_cost *found) noexcept -> int32_t {
        const bool go_on = (*static_cast<Visit *>(user))(index, network_layer(*layer), cost(*found));
        return go_on ? 0 : 1;
    };
    return result<total>::of([&](total *out, fault *why) {
        return maestrino_estimate_network(&network, hardware.pointer, own.pointer, call, &visit, out, why);
    });
}

/// Which of several networks to run.
struct choice {
    /// Number of the choice; 0 is the first.
    uint32_t index = 0;
    /// Whether the network fits all buffers. If not, none does, and this is the first one.
    bool fits = false;
    /// Whether the network fits and meets the deadline. If it only fits, it is the fastest one that fits.
    bool in_time = false;
    /// Cost of the network.
    maestrino::total total;
};

/// The first of several networks, listed best first, that fits all buffers and takes at most `deadline_us`
/// microseconds; otherwise the one that comes nearest. Each network runs on the accelerator for which it was
/// compiled, unless you give one as in `estimate`.
inline result<choice> choose(view<network> networks, uint64_t deadline_us,
                             maybe<::maestrino_hardware> hardware = {}) noexcept {
    static_assert(sizeof(network) == sizeof(::maestrino_network), "an array of one is an array of the other");
    return result<choice>::of([&](choice *out, fault *why) {
        if (networks.size() > UINT32_MAX) {
            return MAESTRINO_COUNT_TOO_LARGE;
        }
        const auto count = static_cast<uint32_t>(networks.size());
        const status found = maestrino_choose_network(networks.data(), count, hardware.pointer, deadline_us,
                                                      &out->index, &out->total, why);
        out->in_time = found == MAESTRINO_OK;
        out->fits = out->in_time || found == MAESTRINO_DEADLINE_MISSED;
        return out->fits || found == MAESTRINO_DOES_NOT_FIT ? MAESTRINO_OK : found;
    });
}

/// The fastest mapping of a layer at the given bandwidths.
struct mapping_choice {
    /// Number of the choice; 0 is the first.
    uint32_t mapping = 0;
    /// Cycles of the layer under this mapping.
    uint64_t cycles = 0;
};

/// The fastest mapping of a layer (0 is the first layer) among those with which the network was compiled;
/// MAESTRINO_NO_CHOICE if it was compiled without a choice of mappings.
inline result<mapping_choice> choose_mapping(const ::maestrino_network &network, uint32_t layer,
                                             maybe<::maestrino_hardware> hardware = {}) noexcept {
    return result<mapping_choice>::of([&](mapping_choice *out, fault *why) {
        return maestrino_choose_mapping(&network, layer, hardware.pointer, &out->mapping, &out->cycles, why);
    });
}

/// The dataflow of one of the mappings among which `choose_mapping` chooses.
inline result<dataflow> mapping(const ::maestrino_network &network, uint32_t layer, uint32_t number) noexcept {
    return result<dataflow>::of(
        [&](dataflow *out, fault *) { return maestrino_network_mapping(&network, layer, number, out); });
}

/// The time of `cycles` cycles, in microseconds, rounded up.
inline result<uint64_t> microseconds(uint64_t cycles, uint32_t clock_hz) noexcept {
    return result<uint64_t>::of([&](uint64_t *out, fault *) { return maestrino_cycles_to_us(cycles, clock_hz, out); });
}

} // namespace maestrino

#endif // MAESTRINO_HPP
