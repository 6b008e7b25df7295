/*
 * maestrino: what neural-network layers cost on spatial accelerators, in C.
 *
 * Conventions
 * - Every function that can fail returns a maestrino_status; MAESTRINO_OK is 0.
 * - Every struct that is handed over begins with its size: let it start as MAESTRINO_INIT(its type). A struct of another
 *   version of this header is MAESTRINO_BAD_STRUCT_SIZE, and nothing is written to it.
 * - Out-parameters come last. They are written only on success, but for maestrino_fault, which tells where and why
 *   something failed and may be NULL, and for the network that comes nearest where none can be chosen.
 * - Nothing is allocated, nothing is kept between calls, there are no globals: every function is re-entrant.
 * - Pointers that are NULL or misaligned, numbers out of range and damaged blobs are statuses, never undefined behaviour.
 * - Sizes and counts are in elements, buffers in bytes; bandwidths in bytes/cycle; delays in cycles; energies in nJ.
 * - Status numbers and enumerations only ever grow; where a struct does, so do the thousands of maestrino_abi_version, and what
 *   was compiled before is told so by MAESTRINO_BAD_STRUCT_SIZE.
 *
 * Made by cbindgen from src/capi: change that, then run UPDATE=1 cargo test header.
 */

#ifndef MAESTRINO_H
#define MAESTRINO_H

#include <stddef.h>
#include <stdint.h>

/**
 * What the first member of a struct must be: its size, marked so that nothing else is taken for it.
 */
#define MAESTRINO_SIZE_OF_STRUCT(type) (0x4D530000u | (uint32_t)sizeof(type))

/**
 * Initialiser of a struct: all zero but its size.
 */
#define MAESTRINO_INIT(type) { .struct_size = MAESTRINO_SIZE_OF_STRUCT(type) }

/**
 * Initialiser of a maestrino_size of `count` elements, whatever the layer.
 */
#define MAESTRINO_ELEMENTS(count) { (count), -1 }

/**
 * Initialiser of a maestrino_size that is the layer's size along a dimension (a `maestrino_dim`).
 */
#define MAESTRINO_SIZE_OF(dim) { 0, (dim) }

/**
 * Version of this interface: it grows when something is added, and its thousands when something changes.
 */
#define MAESTRINO_ABI_VERSION 2001

/**
 * Number of dimensions.
 */
#define MAESTRINO_DIMS 11

/**
 * Cluster levels that a dataflow may have.
 */
#define MAESTRINO_MAX_LEVELS 4

/**
 * No limit of a buffer or bandwidth.
 */
#define MAESTRINO_UNLIMITED 2147483647

/**
 * Directives that a dataflow may have.
 */
#define MAESTRINO_MAX_DIRECTIVES 40

/**
 * Tile sizes that a preset may have.
 */
#define MAESTRINO_MAX_TILES 3

/**
 * Cycles of what L2 is too small for.
 */
#define MAESTRINO_NO_CYCLES UINT64_MAX

/**
 * What a function returns. Numbers are stable; the numbers of retired codes stay reserved.
 */
enum maestrino_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Done.
     */
    MAESTRINO_OK = 0,
    /**
     * A pointer that must not be NULL is NULL.
     */
    MAESTRINO_NULL_POINTER = 1,
    /**
     * A pointer is not aligned as its type requires.
     */
    MAESTRINO_MISALIGNED = 2,
    /**
     * A kind, dimension or preset has an unknown number.
     */
    MAESTRINO_UNKNOWN_NUMBER = 3,
    /**
     * A count is larger than the array that it belongs to.
     */
    MAESTRINO_COUNT_TOO_LARGE = 4,
    /**
     * No more layers, or no item of that number.
     */
    MAESTRINO_END = 5,
    /**
     * No network meets the deadline.
     */
    MAESTRINO_DEADLINE_MISSED = 6,
    /**
     * The callback has asked to stop.
     */
    MAESTRINO_STOPPED = 7,
    /**
     * A clock of 0 Hz, an energy that is negative, infinite or no number, or a length that no memory has.
     */
    MAESTRINO_OUT_OF_RANGE = 8,
    /**
     * The first member of a struct is not `MAESTRINO_SIZE_OF_STRUCT`, or the struct is of an older or newer header.
     */
    MAESTRINO_BAD_STRUCT_SIZE = 9,
    /**
     * The network was compiled for another accelerator.
     */
    MAESTRINO_OTHER_ACCELERATOR = 10,
    /**
     * No network, or no mapping of a layer, fits the buffers.
     */
    MAESTRINO_DOES_NOT_FIT = 11,
    /**
     * The network was compiled with one mapping for each layer.
     */
    MAESTRINO_NO_CHOICE = 12,
    /**
     * A network blob ends too early.
     */
    MAESTRINO_BLOB_TRUNCATED = 20,
    /**
     * Not a network blob.
     */
    MAESTRINO_BLOB_MAGIC = 21,
    /**
     * A network blob of another version.
     */
    MAESTRINO_BLOB_VERSION = 22,
    /**
     * The CRC of a network blob does not match.
     */
    MAESTRINO_BLOB_CORRUPT = 23,
    /**
     * A network blob makes no sense although its CRC matches.
     */
    MAESTRINO_BLOB_MALFORMED = 24,
    /**
     * The number of PEs is out of range.
     */
    MAESTRINO_BAD_PES = 40,
    /**
     * The number of SIMD lanes is out of range.
     */
    MAESTRINO_BAD_SIMD_LANES = 41,
    /**
     * The NoC bandwidth is out of range.
     */
    MAESTRINO_BAD_NOC_BANDWIDTH = 42,
    /**
     * The NoC latency is out of range.
     */
    MAESTRINO_BAD_NOC_LATENCY = 43,
    /**
     * The off-chip bandwidth is out of range.
     */
    MAESTRINO_BAD_OFFCHIP_BANDWIDTH = 44,
    /**
     * The width of an element is out of range.
     */
    MAESTRINO_BAD_BITS = 45,
    /**
     * The share of its bits that a compressed filter takes is out of range.
     */
    MAESTRINO_BAD_COMPRESSION = 46,
    /**
     * Activations or buffers have a number that stands for nothing.
     */
    MAESTRINO_BAD_SETTING = 47,
    /**
     * The layer lacks a dimension that its kind needs.
     */
    MAESTRINO_MISSING_DIM = 60,
    /**
     * The layer has a dimension that its kind does not know.
     */
    MAESTRINO_FOREIGN_DIM = 61,
    /**
     * An extent is given both as input and as output.
     */
    MAESTRINO_REPEATED_DIM = 62,
    /**
     * A dimension is too large.
     */
    MAESTRINO_BAD_EXTENT = 63,
    /**
     * A stride is zero or too large.
     */
    MAESTRINO_BAD_STRIDE = 64,
    /**
     * The filter is larger than the input.
     */
    MAESTRINO_FILTER_EXCEEDS_INPUT = 65,
    /**
     * The dataflow has no directive.
     */
    MAESTRINO_EMPTY_DATAFLOW = 80,
    /**
     * The dataflow has too many directives.
     */
    MAESTRINO_TOO_MANY_DIRECTIVES = 81,
    /**
     * The dataflow has too many cluster levels.
     */
    MAESTRINO_TOO_MANY_LEVELS = 82,
    /**
     * A level maps too many dimensions.
     */
    MAESTRINO_TOO_MANY_MAPS = 83,
    /**
     * A size or offset of a map is out of range.
     */
    MAESTRINO_BAD_MAP_SIZE = 84,
    /**
     * A cluster size is out of range.
     */
    MAESTRINO_BAD_CLUSTER_SIZE = 85,
    /**
     * A size refers to a dimension that the layer does not have.
     */
    MAESTRINO_SIZE_OF_MISSING_DIM = 86,
    /**
     * A directive maps a dimension that the layer does not have there.
     */
    MAESTRINO_MAP_OF_MISSING_DIM = 87,
    /**
     * A level maps an extent both as input and as output.
     */
    MAESTRINO_MAP_OF_INPUT_AND_OUTPUT = 88,
    /**
     * A filter dimension is split over time.
     */
    MAESTRINO_SPLIT_FILTER = 89,
    /**
     * A level has no spatial map.
     */
    MAESTRINO_NO_SPATIAL_MAP = 90,
    /**
     * A level has more than two spatial maps.
     */
    MAESTRINO_TOO_MANY_SPATIAL_MAPS = 91,
    /**
     * The clusters need more PEs than the array has.
     */
    MAESTRINO_CLUSTER_EXCEEDS_ARRAY = 92,
    /**
     * A tile size of a preset is out of range, or the preset has no such tile.
     */
    MAESTRINO_BAD_TILE = 93,
    /**
     * A level maps a dimension twice.
     */
    MAESTRINO_REPEATED_MAP = 94,
    /**
     * A level splits both an extent and the filter that slides over it, in loops that the model does not count.
     */
    MAESTRINO_SPLIT_TOGETHER = 95,
    /**
     * A temporal step loads nothing new.
     */
    MAESTRINO_NO_NEW_DATA = 110,
    /**
     * The tiles of a level produce no output.
     */
    MAESTRINO_NO_OUTPUT = 111,
    /**
     * The tiles of a level do not fit together.
     */
    MAESTRINO_ILL_FORMED = 112,
    /**
     * A count does not fit into 64 bits.
     */
    MAESTRINO_OVERFLOW = 113,
    /**
     * The tiles of a level leave work out.
     */
    MAESTRINO_GAPS = 114,
    /**
     * The mapping has too many kinds of steps.
     */
    MAESTRINO_TOO_IRREGULAR = 115,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum maestrino_status maestrino_status;
#else
typedef int32_t maestrino_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Dimensions: indices of `maestrino_layer.sizes`.
 */
enum maestrino_dim
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Input channels (per group in an NGCONV).
     */
    MAESTRINO_C = 0,
    /**
     * Groups of an NGCONV.
     */
    MAESTRINO_G = 1,
    /**
     * Output channels (per group in an NGCONV); the reduced dimension of a GEMM.
     */
    MAESTRINO_K = 2,
    /**
     * Rows of a GEMM's left matrix and of its product.
     */
    MAESTRINO_M = 3,
    /**
     * Batch of a convolution; columns of a GEMM's right matrix and of its product.
     */
    MAESTRINO_N = 4,
    /**
     * Filter rows.
     */
    MAESTRINO_R = 5,
    /**
     * Filter columns.
     */
    MAESTRINO_S = 6,
    /**
     * Input columns, padding included.
     */
    MAESTRINO_X = 7,
    /**
     * Output columns.
     */
    MAESTRINO_OUT_X = 8,
    /**
     * Input rows, padding included.
     */
    MAESTRINO_Y = 9,
    /**
     * Output rows.
     */
    MAESTRINO_OUT_Y = 10,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum maestrino_dim maestrino_dim;
#else
typedef int32_t maestrino_dim;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Layer kinds.
 */
enum maestrino_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Convolution: K C R S Y X (N).
     */
    MAESTRINO_CONV = 0,
    /**
     * Depthwise convolution: C R S Y X [N K].
     */
    MAESTRINO_DSCONV = 1,
    /**
     * Grouped convolution: G K C R S Y X (N).
     */
    MAESTRINO_NGCONV = 2,
    /**
     * Transposed convolution over its upsampled extents: K C R S Y X (N).
     */
    MAESTRINO_TRCONV = 3,
    /**
     * Matrix product: M N K.
     */
    MAESTRINO_GEMM = 4,
    /**
     * Fully connected: K C [R S Y X N].
     */
    MAESTRINO_FC = 5,
    /**
     * Pooling: C R S Y X (N).
     */
    MAESTRINO_POOL = 6,
    /**
     * Elementwise operation of two tensors: C Y X (N).
     */
    MAESTRINO_ELTWISE = 7,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum maestrino_kind maestrino_kind;
#else
typedef int32_t maestrino_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Presets: named dataflows.
 */
enum maestrino_preset
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * NVDLA-like; tiles: cluster.
     */
    MAESTRINO_KCP_WS = 0,
    /**
     * Output columns over PEs; no tiles.
     */
    MAESTRINO_XP_WS = 1,
    /**
     * Eyeriss-like row stationary; tiles: k.
     */
    MAESTRINO_RS = 2,
    /**
     * Output rows over clusters, K inside; tiles: cluster.
     */
    MAESTRINO_YKP_OS = 3,
    /**
     * ShiDianNao-like; tiles: cluster.
     */
    MAESTRINO_YXP_OS = 4,
    /**
     * C over clusters, K inside; tiles: cluster.
     */
    MAESTRINO_CKP_WS = 5,
    /**
     * No local reuse; no tiles.
     */
    MAESTRINO_NLR = 6,
    /**
     * MAERI-like; no tiles.
     */
    MAESTRINO_MAERI = 7,
    /**
     * Depthwise; no tiles.
     */
    MAESTRINO_DPT = 8,
    /**
     * Matrix products; tiles: cluster, m, n.
     */
    MAESTRINO_NMK = 9,
    /**
     * Ethos-U-like, for every kind of layer; tiles: k, x, c.
     */
    MAESTRINO_KXC_OS = 10,
    /**
     * Matrix products, weight stationary; tiles: cluster.
     */
    MAESTRINO_NKP_WS = 11,
    /**
     * Row stationary as Eyeriss maps it, for every kind of layer; tiles: k, y, c.
     */
    MAESTRINO_CYR_RS = 12,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum maestrino_preset maestrino_preset;
#else
typedef int32_t maestrino_preset;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Directive kinds.
 */
enum maestrino_directive_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * `TemporalMap(size, offset) dim`.
     */
    MAESTRINO_TEMPORAL_MAP = 0,
    /**
     * `SpatialMap(size, offset) dim`.
     */
    MAESTRINO_SPATIAL_MAP = 1,
    /**
     * `Cluster(size, P)`; `offset` and `dim` are ignored.
     */
    MAESTRINO_CLUSTER = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum maestrino_directive_kind maestrino_directive_kind;
#else
typedef int32_t maestrino_directive_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What cycles are spent waiting for: indices of `maestrino_cost.bound_cycles`.
 */
enum maestrino_bound
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The PEs.
     */
    MAESTRINO_BOUND_COMPUTE = 0,
    /**
     * The network that brings inputs and weights.
     */
    MAESTRINO_BOUND_NOC_IN = 1,
    /**
     * The network that takes outputs away.
     */
    MAESTRINO_BOUND_NOC_OUT = 2,
    /**
     * The interface between L2 and the outside.
     */
    MAESTRINO_BOUND_OFFCHIP = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum maestrino_bound maestrino_bound;
#else
typedef int32_t maestrino_bound;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Buffers: bits of `maestrino_cost.misfits`.
 */
enum maestrino_buffer
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * L1 of a PE.
     */
    MAESTRINO_L1 = 1,
    /**
     * The buffer of a cluster.
     */
    MAESTRINO_CLUSTER_BUFFER = 2,
    /**
     * L2.
     */
    MAESTRINO_L2 = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum maestrino_buffer maestrino_buffer;
#else
typedef int32_t maestrino_buffer;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Where the activations of a network live.
 */
enum maestrino_activations
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Outside: each layer fetches its input and writes its output.
     */
    MAESTRINO_OFFCHIP = 0,
    /**
     * In L2, whole, from one layer to the next.
     */
    MAESTRINO_IN_L2 = 1,
    /**
     * In L2 where they fit beside the stream of the filter, outside elsewhere: layer by layer.
     */
    MAESTRINO_AUTO = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum maestrino_activations maestrino_activations;
#else
typedef int32_t maestrino_activations;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Structs whose sizes `maestrino_struct_size` returns.
 */
enum maestrino_struct
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * `maestrino_layer`.
     */
    MAESTRINO_STRUCT_LAYER = 0,
    /**
     * `maestrino_dataflow`.
     */
    MAESTRINO_STRUCT_DATAFLOW = 1,
    /**
     * `maestrino_hardware`.
     */
    MAESTRINO_STRUCT_HARDWARE = 2,
    /**
     * `maestrino_energies`.
     */
    MAESTRINO_STRUCT_ENERGIES = 3,
    /**
     * `maestrino_cost`.
     */
    MAESTRINO_STRUCT_COST = 4,
    /**
     * `maestrino_total`.
     */
    MAESTRINO_STRUCT_TOTAL = 5,
    /**
     * `maestrino_network`.
     */
    MAESTRINO_STRUCT_NETWORK = 6,
    /**
     * `maestrino_network_layer`.
     */
    MAESTRINO_STRUCT_NETWORK_LAYER = 7,
    /**
     * `maestrino_fault`.
     */
    MAESTRINO_STRUCT_FAULT = 8,
    /**
     * `maestrino_maestro_cost`.
     */
    MAESTRINO_STRUCT_MAESTRO_COST = 9,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum maestrino_struct maestrino_struct;
#else
typedef int32_t maestrino_struct;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A layer. Start from `maestrino_layer_init`.
 */
typedef struct maestrino_layer {
    /**
     * `MAESTRINO_SIZE_OF_STRUCT(maestrino_layer)`.
     */
    uint32_t struct_size;
    /**
     * What it computes: a `maestrino_kind`.
     */
    int32_t kind;
    /**
     * Stride of the filter along Y, in elements; 1 for none.
     */
    uint32_t stride_y;
    /**
     * Stride of the filter along X, in elements; 1 for none.
     */
    uint32_t stride_x;
    /**
     * Size of each dimension in elements, by `maestrino_dim`; 0 for none. Give input or output extents, not both.
     */
    uint32_t sizes[MAESTRINO_DIMS];
    /**
     * Zeros inserted between the rows of the input, as an upsampling transposed convolution has them: one row in `one_in_y` is
     * an element, the others are zeros. 1 (or 0) for none.
     */
    uint32_t one_in_y;
    /**
     * The first row that is an element.
     */
    uint32_t phase_y;
    /**
     * The same of columns.
     */
    uint32_t one_in_x;
    /**
     * The first column that is an element.
     */
    uint32_t phase_x;
} maestrino_layer;

/**
 * Where and why something failed, as far as it is known. All zero (but `dim` and `layer`) where nothing did. Start from
 * `MAESTRINO_INIT(maestrino_fault)`.
 */
typedef struct maestrino_fault {
    /**
     * `MAESTRINO_SIZE_OF_STRUCT(maestrino_fault)`.
     */
    uint32_t struct_size;
    /**
     * The status that the function returned.
     */
    maestrino_status status;
    /**
     * The dimension in question (`maestrino_dim`), or -1.
     */
    int32_t dim;
    /**
     * The cluster level in question, from 1, the outermost; or 0.
     */
    uint32_t level;
    /**
     * The layer of the network in question, from 0; or UINT32_MAX.
     */
    uint32_t layer;
    /**
     * The value in question: a size, a count, or what is needed.
     */
    uint32_t value;
    /**
     * What it is compared with: what there is, or what it should be; or 0.
     */
    uint32_t limit;
} maestrino_fault;

/**
 * A network-on-chip: it feeds the sub-clusters of one level.
 */
typedef struct maestrino_noc {
    /**
     * Bytes per cycle, in each direction.
     */
    uint32_t bandwidth;
    /**
     * Cycles until the first one arrives.
     */
    uint32_t latency;
} maestrino_noc;

/**
 * An accelerator. Start from `maestrino_hardware_init`, or from that of a network, `maestrino_network_hardware`.
 */
typedef struct maestrino_hardware {
    /**
     * `MAESTRINO_SIZE_OF_STRUCT(maestrino_hardware)`.
     */
    uint32_t struct_size;
    /**
     * Processing elements.
     */
    uint32_t pes;
    /**
     * Multiply-accumulate lanes of a PE.
     */
    uint32_t simd_lanes;
    /**
     * Bytes of L1 in each PE.
     */
    uint32_t l1_bytes;
    /**
     * Bytes of the buffer of each cluster.
     */
    uint32_t cluster_bytes;
    /**
     * Bytes of L2.
     */
    uint32_t l2_bytes;
    /**
     * The networks-on-chip, by cluster level from the outermost.
     */
    struct maestrino_noc noc[MAESTRINO_MAX_LEVELS];
    /**
     * Bytes per cycle between L2 and the outside.
     */
    uint32_t offchip_bandwidth;
    /**
     * Bytes per cycle of weights, where they come over a channel of their own (flash beside SRAM); 0 where they do not.
     */
    uint32_t weights_bandwidth;
    /**
     * Thousandths of its bits that a filter takes off-chip: 1000 where weights are not compressed.
     */
    uint32_t weights_permille;
    /**
     * Bits of an input.
     */
    uint32_t input_bits;
    /**
     * Bits of a filter's element.
     */
    uint32_t filter_bits;
    /**
     * Bits of a finished output.
     */
    uint32_t output_bits;
    /**
     * Bits of a partial sum.
     */
    uint32_t psum_bits;
    /**
     * Whether what several sub-clusters take at once is read once for all.
     */
    uint32_t multicast;
    /**
     * Where activations live: a `maestrino_activations`.
     */
    uint32_t activations;
    /**
     * 1 where L1 and the buffers of clusters are single, 2 where they are double.
     */
    uint32_t l1_buffers;
    /**
     * The same of L2.
     */
    uint32_t l2_buffers;
    /**
     * Hz.
     */
    uint32_t clock_hz;
} maestrino_hardware;

/**
 * Energy of each kind of event. Start from `maestrino_energies_init`.
 */
typedef struct maestrino_energies {
    /**
     * `MAESTRINO_SIZE_OF_STRUCT(maestrino_energies)`.
     */
    uint32_t struct_size;
    /**
     * Reserved; 0.
     */
    uint32_t reserved;
    /**
     * nJ of a multiply-accumulate of 8 by 8 bits.
     */
    double mac;
    /**
     * nJ of a byte read from or written to L1.
     */
    double l1;
    /**
     * nJ of a byte read from or written to the buffer of a cluster.
     */
    double cluster;
    /**
     * nJ of a byte read from or written to L2.
     */
    double l2;
    /**
     * nJ of a byte that moves off-chip.
     */
    double offchip;
} maestrino_energies;

/**
 * A size in elements that may depend on the layer: `base`, plus the size of dimension `of`.
 *
 * To be initialised by MAESTRINO_ELEMENTS or MAESTRINO_SIZE_OF: mind that an `of` of 0 is dimension C.
 */
typedef struct maestrino_size {
    /**
     * The constant part, in elements.
     */
    int32_t base;
    /**
     * The dimension whose size is added: a `maestrino_dim`, or -1 for none.
     */
    int32_t of;
} maestrino_size;

/**
 * One line of a dataflow.
 */
typedef struct maestrino_directive {
    /**
     * A `maestrino_directive_kind`.
     */
    int32_t kind;
    /**
     * The mapped dimension: a `maestrino_dim`.
     */
    int32_t dim;
    /**
     * Elements of a tile, or members of a cluster.
     */
    struct maestrino_size size;
    /**
     * Elements from one tile to the next.
     */
    struct maestrino_size offset;
} maestrino_directive;

/**
 * A dataflow: directives, outermost first. Start from `MAESTRINO_INIT(maestrino_dataflow)`, an empty one.
 */
typedef struct maestrino_dataflow {
    /**
     * `MAESTRINO_SIZE_OF_STRUCT(maestrino_dataflow)`.
     */
    uint32_t struct_size;
    /**
     * How many of `directives` are in use.
     */
    uint32_t count;
    /**
     * The directives.
     */
    struct maestrino_directive directives[MAESTRINO_MAX_DIRECTIVES];
} maestrino_dataflow;

/**
 * Elements that move between two places.
 */
typedef struct maestrino_transfers {
    /**
     * Inputs, inwards.
     */
    uint64_t input;
    /**
     * Filter elements, inwards.
     */
    uint64_t filter;
    /**
     * Partial sums, inwards.
     */
    uint64_t psum;
    /**
     * Outputs, outwards, partial sums included.
     */
    uint64_t output;
} maestrino_transfers;

/**
 * The cost of a layer. Start from `MAESTRINO_INIT(maestrino_cost)`.
 */
typedef struct maestrino_cost {
    /**
     * `MAESTRINO_SIZE_OF_STRUCT(maestrino_cost)`.
     */
    uint32_t struct_size;
    /**
     * Buffers that are too small for it: bits of `maestrino_buffer`; 0 where it fits.
     */
    uint32_t misfits;
    /**
     * Cycles of the whole layer; `MAESTRINO_NO_CYCLES` where L2 is too small.
     */
    uint64_t cycles;
    /**
     * Cycles if nothing overlapped: single buffers everywhere; `MAESTRINO_NO_CYCLES` where L2 is too small.
     */
    uint64_t serial_cycles;
    /**
     * The cycles by what they wait for: a `maestrino_bound` is the index. Off-chip waits are 0 where L2 is too small.
     */
    uint64_t bound_cycles[4];
    /**
     * Operations performed, those that overlapping tiles repeat counted again.
     */
    uint64_t operations;
    /**
     * Operations of the layer itself.
     */
    uint64_t layer_operations;
    /**
     * Steps of the outermost level.
     */
    uint64_t steps;
    /**
     * Between all L1 and what is above them.
     */
    struct maestrino_transfers l1;
    /**
     * Between L2 and the sub-clusters of the outermost level.
     */
    struct maestrino_transfers l2;
    /**
     * Off-chip; all 0 where L2 is too small.
     */
    struct maestrino_transfers offchip;
    /**
     * Bits of the same.
     */
    uint64_t offchip_bits;
    /**
     * Bytes of L1 needed in each PE.
     */
    uint64_t l1_bytes;
    /**
     * Bytes needed of the buffer of each cluster.
     */
    uint64_t cluster_bytes;
    /**
     * Bytes of L2 needed; where it does not fit, the least that would do.
     */
    uint64_t l2_bytes;
    /**
     * PEs at work in the average step.
     */
    double active_pes;
    /**
     * nJ of multiply-accumulates.
     */
    double mac_nj;
    /**
     * nJ of L1 accesses.
     */
    double l1_nj;
    /**
     * nJ of accesses to the buffers of clusters.
     */
    double cluster_nj;
    /**
     * nJ of L2 accesses.
     */
    double l2_nj;
    /**
     * nJ of transfers off-chip; 0 where L2 is too small.
     */
    double offchip_nj;
} maestrino_cost;

/**
 * Elements of one tensor that go through the buffers, in MAESTRO's model.
 */
typedef struct maestrino_maestro_accesses {
    /**
     * Elements read from all L1 buffers.
     */
    uint64_t l1_read;
    /**
     * Elements written to all L1 buffers.
     */
    uint64_t l1_write;
    /**
     * Elements read from L2.
     */
    uint64_t l2_read;
    /**
     * Elements written to L2.
     */
    uint64_t l2_write;
} maestrino_maestro_accesses;

/**
 * The cost of a layer in MAESTRO's model. Start from `MAESTRINO_INIT(maestrino_maestro_cost)`.
 */
typedef struct maestrino_maestro_cost {
    /**
     * `MAESTRINO_SIZE_OF_STRUCT(maestrino_maestro_cost)`.
     */
    uint32_t struct_size;
    /**
     * Reserved; 0.
     */
    uint32_t reserved;
    /**
     * Cycles of the whole layer.
     */
    uint64_t cycles;
    /**
     * The same cycles, by what they wait for: a `maestrino_bound` is the index.
     */
    uint64_t bound_cycles[4];
    /**
     * Operations performed.
     */
    uint64_t operations;
    /**
     * Accesses of the input.
     */
    struct maestrino_maestro_accesses input;
    /**
     * Accesses of the filter.
     */
    struct maestrino_maestro_accesses filter;
    /**
     * Accesses of the output.
     */
    struct maestrino_maestro_accesses output;
    /**
     * Bytes of L1 needed in each PE, double buffered.
     */
    uint64_t l1_bytes;
    /**
     * Bytes of L2 needed, double buffered.
     */
    uint64_t l2_bytes;
    /**
     * Elements per cycle of NoC that the most demanding step would need not to wait.
     */
    uint64_t noc_peak;
    /**
     * Elements per cycle off-chip needed.
     */
    uint64_t offchip;
    /**
     * Elements per cycle of NoC needed on average.
     */
    double noc_average;
    /**
     * PEs at work on average.
     */
    double active_pes;
    /**
     * nJ of multiply-accumulates.
     */
    double mac_nj;
    /**
     * nJ of L1 accesses.
     */
    double l1_nj;
    /**
     * nJ of L2 accesses.
     */
    double l2_nj;
} maestrino_maestro_cost;

/**
 * A network blob that `maestrino_network_open` has checked. It refers to the caller's bytes and copies none of them. Start
 * from `MAESTRINO_INIT(maestrino_network)`.
 */
typedef struct maestrino_network {
    /**
     * `MAESTRINO_SIZE_OF_STRUCT(maestrino_network)`.
     */
    uint32_t struct_size;
    /**
     * Number of layers.
     */
    uint32_t layer_count;
    /**
     * The blob.
     */
    const uint8_t *data;
    /**
     * Its length in bytes.
     */
    size_t length;
    /**
     * Name of the network, not terminated; UTF-8 if it was made by `maestrino compile`.
     */
    const char *name;
    /**
     * Its length in bytes.
     */
    size_t name_length;
} maestrino_network;

/**
 * Where an iteration over the layers of a network stands. All zero is the beginning.
 */
typedef struct maestrino_cursor {
    /**
     * Number of the next layer.
     */
    uint32_t index;
    /**
     * Its place in the blob, in bytes; 0 at the beginning.
     */
    uint32_t offset;
} maestrino_cursor;

/**
 * A layer of a network blob. Start from `MAESTRINO_INIT(maestrino_network_layer)`.
 */
typedef struct maestrino_network_layer {
    /**
     * `MAESTRINO_SIZE_OF_STRUCT(maestrino_network_layer)`.
     */
    uint32_t struct_size;
    /**
     * Number of its dataflow, for `maestrino_network_dataflow`.
     */
    uint32_t dataflow;
    /**
     * Its name, not terminated; in the caller's bytes, and UTF-8 if it was made by `maestrino compile`.
     */
    const char *name;
    /**
     * The length of its name in bytes.
     */
    size_t name_length;
    /**
     * Its shape.
     */
    struct maestrino_layer layer;
} maestrino_network_layer;

/**
 * Called with the cost of each layer, in execution order. Return 0 to go on, anything else to stop.
 * It must return: no C++ exception and no longjmp may leave it.
 */
typedef int32_t (*maestrino_layer_callback)(void *user,
                                            uint32_t index,
                                            const struct maestrino_network_layer *layer,
                                            const struct maestrino_cost *cost);

/**
 * The cost of a network: sums over its layers, and the most that one layer needs. Start from
 * `MAESTRINO_INIT(maestrino_total)`.
 */
typedef struct maestrino_total {
    /**
     * `MAESTRINO_SIZE_OF_STRUCT(maestrino_total)`.
     */
    uint32_t struct_size;
    /**
     * Layers.
     */
    uint32_t layers;
    /**
     * Buffers that are too small for some layer: bits of `maestrino_buffer`; 0 where the network fits.
     */
    uint32_t misfits;
    /**
     * Layers that some buffer is too small for.
     */
    uint32_t misfit_layers;
    /**
     * Cycles, one layer after the other; `MAESTRINO_NO_CYCLES` where L2 is too small for one.
     */
    uint64_t cycles;
    /**
     * Operations performed.
     */
    uint64_t operations;
    /**
     * Bytes of L1 that the most demanding layer needs in each PE.
     */
    uint64_t l1_bytes;
    /**
     * Bytes that the most demanding layer needs of the buffer of each cluster.
     */
    uint64_t cluster_bytes;
    /**
     * Bytes of L2 that the most demanding layer needs.
     */
    uint64_t l2_bytes;
    /**
     * nJ of multiply-accumulates.
     */
    double mac_nj;
    /**
     * nJ of L1 accesses.
     */
    double l1_nj;
    /**
     * nJ of accesses to the buffers of clusters.
     */
    double cluster_nj;
    /**
     * nJ of L2 accesses.
     */
    double l2_nj;
    /**
     * nJ of transfers off-chip.
     */
    double offchip_nj;
    /**
     * Cycles as the accelerator was measured to take them, where the blob brings a calibration; else, and where L2 is too small
     * for a layer, `MAESTRINO_NO_CYCLES`.
     */
    uint64_t calibrated_cycles;
    /**
     * Upper bound of the measured cycles of nine in ten networks with these `calibrated_cycles`.
     */
    uint64_t calibrated_upper_cycles;
} maestrino_total;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * `MAESTRINO_ABI_VERSION` of the library, to be compared with the header's.
 */
uint32_t maestrino_abi_version(void);

/**
 * Size in bytes of a struct (a `maestrino_struct`) in the library, to be compared with `sizeof`; 0 for any other number.
 */
uint32_t maestrino_struct_size(int32_t which);

/**
 * English text of a status, terminated and static; "unknown status" for any other number.
 */
const char *maestrino_status_text(int32_t status);

/**
 * An empty layer of that kind (a `maestrino_kind`), with strides of 1.
 *
 * `layer` is NULL or points to memory for a `maestrino_layer`.
 */
maestrino_status maestrino_layer_init(int32_t kind, struct maestrino_layer *layer);

/**
 * Multiply-accumulates of a layer by its shape; 0 for a POOL or ELTWISE. Fails if the layer is invalid.
 *
 * `layer` is NULL or points to a `maestrino_layer`, `macs` to an `uint64_t`, `fault` to a `maestrino_fault` or is NULL.
 */
maestrino_status maestrino_layer_macs(const struct maestrino_layer *layer,
                                      uint64_t *macs,
                                      struct maestrino_fault *fault);

/**
 * An array of `pes` with one lane each, elements of a byte, double buffers, multicast, a NoC of one cycle of latency, a clock
 * of 200 MHz, and no limit on buffers and bandwidths.
 *
 * `hardware` is NULL or points to memory for a `maestrino_hardware`.
 */
maestrino_status maestrino_hardware_init(uint32_t pes,
                                         struct maestrino_hardware *hardware);

/**
 * Whether an accelerator is valid.
 *
 * `hardware` is NULL or points to a `maestrino_hardware`, `fault` to a `maestrino_fault` or is NULL.
 */
maestrino_status maestrino_hardware_check(const struct maestrino_hardware *hardware, struct maestrino_fault *fault);

/**
 * The energies that are taken where none are given: MAESTRO's, and 200 MACs for a byte off-chip.
 *
 * `energies` is NULL or points to memory for a `maestrino_energies`.
 */
maestrino_status maestrino_energies_init(struct maestrino_energies *energies);

/**
 * The dataflow of a preset (a `maestrino_preset`) for a layer; of its stand-in where it cannot map the layer's kind.
 *
 * `tiles` are its tile sizes in the order that `maestrino_preset` lists, 0 for the default; NULL for all defaults. They
 * are not used for a stand-in. If `fit_pes` is not 0, clusters shrink until one fits into that many PEs.
 *
 * `layer` is NULL or points to a `maestrino_layer`, `tiles` to `MAESTRINO_MAX_TILES` numbers or is NULL, `dataflow` to
 * memory for a `maestrino_dataflow`, `fault` to a `maestrino_fault` or is NULL.
 */
maestrino_status maestrino_dataflow_preset(int32_t preset,
                                           const struct maestrino_layer *layer,
                                           const uint32_t *tiles,
                                           uint32_t fit_pes,
                                           struct maestrino_dataflow *dataflow,
                                           struct maestrino_fault *fault);

/**
 * Whether a dataflow suits a layer and an array of `pes`.
 *
 * `layer` is NULL or points to a `maestrino_layer`, `dataflow` to a `maestrino_dataflow`, `fault` to a `maestrino_fault`
 * or is NULL.
 */
maestrino_status maestrino_dataflow_check(const struct maestrino_layer *layer,
                                          const struct maestrino_dataflow *dataflow,
                                          uint32_t pes,
                                          struct maestrino_fault *fault);

/**
 * The cost of a layer under a dataflow on an accelerator. `energies` may be NULL: those of `maestrino_energies_init` then.
 *
 * Buffers that are too small are no error: `misfits` shows them. This is the whole analysis: it takes tens of KiB of stack and
 * flash, and the time grows with the kinds of steps of each cluster level, multiplied with one another (32,768 at most). What
 * was compiled into a blob takes a fraction of that: `maestrino_estimate_network`.
 *
 * Each pointer is NULL or points to what its type says; `cost` to memory for it.
 */
maestrino_status maestrino_estimate_layer(const struct maestrino_layer *layer,
                                          const struct maestrino_dataflow *dataflow,
                                          const struct maestrino_hardware *hardware,
                                          const struct maestrino_energies *energies,
                                          struct maestrino_cost *cost,
                                          struct maestrino_fault *fault);

/**
 * The cost of a layer in MAESTRO's model, with its faults: for comparisons with MAESTRO. It knows PEs, lanes, the outermost
 * NoC and the bandwidth off-chip, and energies of MACs, L1 and L2. The time grows with the kinds of steps of each cluster level,
 * multiplied with one another (2^23 at most; some 20 million a second on a PC).
 *
 * Each pointer is NULL or points to what its type says; `cost` to memory for it.
 */
maestrino_status maestrino_maestro_estimate_layer(const struct maestrino_layer *layer,
                                                  const struct maestrino_dataflow *dataflow,
                                                  const struct maestrino_hardware *hardware,
                                                  const struct maestrino_energies *energies,
                                                  struct maestrino_maestro_cost *cost,
                                                  struct maestrino_fault *fault);

/**
 * Checks a network blob, all of it, and prepares it for reading in place. The bytes must stay where and as they are.
 *
 * `data` is NULL or points to `length` bytes, `network` to memory for a `maestrino_network`, `fault` to a
 * `maestrino_fault` or is NULL.
 */
maestrino_status maestrino_network_open(const uint8_t *data,
                                        size_t length,
                                        struct maestrino_network *network,
                                        struct maestrino_fault *fault);

/**
 * Reads the next layer of a network and moves the cursor on; `MAESTRINO_END` behind the last. A cursor starts all zero.
 *
 * Each pointer is NULL or points to what its type says, `layer` to memory for it; the bytes of the network are there.
 */
maestrino_status maestrino_network_next(const struct maestrino_network *network,
                                        struct maestrino_cursor *cursor,
                                        struct maestrino_network_layer *layer);

/**
 * The dataflow of that number in a network; `MAESTRINO_END` if there is none.
 *
 * Each pointer is NULL or points to what its type says, `dataflow` to memory for it; the bytes of the network are there.
 */
maestrino_status maestrino_network_dataflow(const struct maestrino_network *network,
                                            uint32_t number,
                                            struct maestrino_dataflow *dataflow);

/**
 * The accelerator that a network was compiled for, its clock among it.
 *
 * Each pointer is NULL or points to what its type says, `hardware` to memory for it; the bytes of the network are there.
 */
maestrino_status maestrino_network_hardware(const struct maestrino_network *network,
                                            struct maestrino_hardware *hardware);

/**
 * The energies of the accelerator that a network was compiled for.
 *
 * Each pointer is NULL or points to what its type says, `energies` to memory for it; the bytes of the network are there.
 */
maestrino_status maestrino_network_energies(const struct maestrino_network *network,
                                            struct maestrino_energies *energies);

/**
 * The cost of a network, layer after layer, on the accelerator that it was compiled for: bit for bit that of
 * `maestrino_estimate_layer` with the dataflows that the blob brings, in a fraction of its time and memory.
 *
 * `hardware` may be NULL: the blob's own then. It may differ from that in clock, lanes, bandwidths, latencies, L1 and buffers
 * of clusters; with anything else it is `MAESTRINO_OTHER_ACCELERATOR`. `energies` may be NULL: the blob's own then.
 * `callback` may be NULL; `user` is handed to it. Buffers that are too small are no error: `misfits` shows them.
 *
 * Each pointer is NULL or points to what its type says, `total` to memory for it; the bytes of the network are there;
 * `callback` may be called with `user`.
 */
maestrino_status maestrino_estimate_network(const struct maestrino_network *network,
                                            const struct maestrino_hardware *hardware,
                                            const struct maestrino_energies *energies,
                                            maestrino_layer_callback callback,
                                            void *user,
                                            struct maestrino_total *total,
                                            struct maestrino_fault *fault);

/**
 * Chooses the first of several networks, best first, that fits all buffers and takes at most `deadline_us` at the
 * accelerator's clock; where its blob brings a calibration, by `calibrated_upper_cycles`.
 *
 * `hardware` may be NULL: of each network the accelerator that it was compiled for then; else as in
 * `maestrino_estimate_network`. If none of those that fit is fast enough: `MAESTRINO_DEADLINE_MISSED`, and `index` and `total`
 * are those of the fastest that fits. If none fits: `MAESTRINO_DOES_NOT_FIT`, and they are those of the first.
 * A network before the chosen one that cannot be estimated on this accelerator fails the whole call.
 *
 * `networks` is NULL or points to `count` of them, all of the same size; each other pointer is NULL or points to what its type
 * says, `index` and `total` to memory for it; the bytes of the networks are there.
 */
maestrino_status maestrino_choose_network(const struct maestrino_network *networks,
                                          uint32_t count,
                                          const struct maestrino_hardware *hardware,
                                          uint64_t deadline_us,
                                          uint32_t *index,
                                          struct maestrino_total *total,
                                          struct maestrino_fault *fault);

/**
 * Chooses for a layer of a network, counted from 0, the mapping that takes the fewest cycles at the bandwidths of the moment, of
 * those that the network was compiled with (`maestrino compile --bandwidths`) and that fit the buffers; the first of several.
 * By integers alone. Mapping 0 is the one that `maestrino_estimate_network` is of.
 *
 * `hardware` may be NULL: the blob's own then; else as in `maestrino_estimate_network`. `MAESTRINO_DOES_NOT_FIT` if none
 * fits, `MAESTRINO_NO_CHOICE` if the network was compiled without, `MAESTRINO_END` if there is no such layer.
 *
 * Each pointer is NULL or points to what its type says, `mapping` and `cycles` to memory for it; the bytes of the network are
 * there.
 */
maestrino_status maestrino_choose_mapping(const struct maestrino_network *network,
                                          uint32_t layer,
                                          const struct maestrino_hardware *hardware,
                                          uint32_t *mapping,
                                          uint64_t *cycles,
                                          struct maestrino_fault *fault);

/**
 * The dataflow of a mapping that `maestrino_choose_mapping` may choose for a layer; `MAESTRINO_END` if there is none.
 *
 * Each pointer is NULL or points to what its type says, `dataflow` to memory for it; the bytes of the network are there.
 */
maestrino_status maestrino_network_mapping(const struct maestrino_network *network,
                                           uint32_t layer,
                                           uint32_t mapping,
                                           struct maestrino_dataflow *dataflow);

/**
 * The time that `cycles` take at `clock_hz`, in microseconds, rounded up; `MAESTRINO_DOES_NOT_FIT` for `MAESTRINO_NO_CYCLES`.
 *
 * `us` is NULL or points to memory for an `uint64_t`.
 */
maestrino_status maestrino_cycles_to_us(uint64_t cycles,
                                        uint32_t clock_hz,
                                        uint64_t *us);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* MAESTRINO_H */
