/* The part of the output that is the same everywhere, byte by byte. */
#ifndef REPORT_H
#define REPORT_H

#include "blobs.h"
#include "maestrino.h"

extern const char *const accelerator_names[ACCELERATORS];
extern const char *const dataflow_names[DATAFLOWS];

/* Costs every blob layer by layer, plays a scenario, and prints both. Returns the number of unexpected failures. */
int report(void);

#endif
