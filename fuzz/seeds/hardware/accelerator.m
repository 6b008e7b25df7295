Accelerator {
  PE { NumPEs: 64; VectorWidth: 4; MultPrecision: INT8, AddPrecision: INT16 }
  Buffer { GlobalL2: 2048, LocalL1: 64 }
  DistributionNoC { A { Bandwidth: 32; LatencyPerHop: 2 } B { Bandwidth: 32 } }
}
