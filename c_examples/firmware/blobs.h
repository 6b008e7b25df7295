/* Network blobs in flash: build.sh makes blobs.c with `maestrino compile`. */
#ifndef BLOBS_H
#define BLOBS_H

#include <stdint.h>

/* The accelerators that blobs are compiled for: the built-in edge16 and eyeriss, and eyeriss with an L2 of 12 KiB. */
enum { EDGE16, EYERISS, TIGHT, ACCELERATORS };

/* The networks of MLPerf Tiny. */
enum { DS_CNN, MOBILENET_V1_025_VWW, RESNET8, AUTOENCODER, NETWORKS };

/* Presets, with clusters fitted to the array. */
enum { KCP_WS, XP_WS, RS, YKP_OS, DATAFLOWS };

struct blob {
    const uint8_t *data;
    uint32_t length;
};

extern const struct blob blobs[ACCELERATORS][NETWORKS][DATAFLOWS];

/* DS-CNN on edge16 with its best mappings, and with the fastest for 1, 4 and 16 bytes/cycle off-chip. */
extern const struct blob mapped;

#endif
