/* What is the same everywhere, byte by byte. */
#ifndef REPORT_H
#define REPORT_H

#include "blobs.h"
#include "maestrino.h"

extern const char *const accelerator_names[ACCELERATORS];
extern const char *const dataflow_names[DATAFLOWS];

/* Costs every blob layer by layer, then plays a scenario. Prints it all; returns how many calls failed unexpectedly. */
int report(void);

#endif
