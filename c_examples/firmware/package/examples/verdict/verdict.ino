#include <maestrino.h>

extern "C" const uint8_t ds_cnn[]; // maestrino compile ds_cnn --hw edge16 --format c -o ds_cnn.c
extern "C" const uint32_t ds_cnn_length;

void setup() {
    Serial.begin(115200);
    maestrino_network network = MAESTRINO_INIT(maestrino_network);
    maestrino_total total = MAESTRINO_INIT(maestrino_total);
    maestrino_status status = maestrino_network_open(ds_cnn, ds_cnn_length, &network, nullptr);
    if (status == MAESTRINO_OK) {
        status = maestrino_estimate_network(&network, nullptr, nullptr, nullptr, nullptr, &total, nullptr);
    }
    Serial.print(maestrino_status_text(status));
    Serial.print(", cycles of ds_cnn: ");
    Serial.println((unsigned long)total.cycles);
}

void loop() {}
