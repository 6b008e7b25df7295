Constant PES 64;
Accelerator { PE { NumPEs: PES; VectorWidth: 4 } Buffer { GlobalL2 { Capacity: 2048 } LocalL1 { Capacity: 64 } } NoC { Bandwidth: 32; AvgLatency: 2 } }
