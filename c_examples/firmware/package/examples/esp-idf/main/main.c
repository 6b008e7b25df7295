#include <inttypes.h>
#include <stdio.h>

#include "maestrino.h"

extern const uint8_t ds_cnn[]; /* maestrino compile ds_cnn --hw edge16 --format c -o ds_cnn.c */
extern const uint32_t ds_cnn_length;

void app_main(void) {
    maestrino_network network = MAESTRINO_INIT(maestrino_network);
    maestrino_total total = MAESTRINO_INIT(maestrino_total);
    maestrino_status status = maestrino_network_open(ds_cnn, ds_cnn_length, &network, NULL);
    if (status == MAESTRINO_OK) {
        status = maestrino_estimate_network(&network, NULL, NULL, NULL, NULL, &total, NULL);
    }
    printf("ds_cnn: %s, %" PRIu64 " cycles\n", maestrino_status_text(status), total.cycles);
}
