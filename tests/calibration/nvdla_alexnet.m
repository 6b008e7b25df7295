Network nvdla_alexnet {
Layer L0 { Type: CONV Stride { X: 4, Y: 4 } Dimensions { K: 96, C: 3, R: 11, S: 11, Y: 227, X: 227 } }
Layer L1 { Type: CONV Stride { X: 1, Y: 1 } Dimensions { K: 128, C: 48, R: 5, S: 5, Y: 31, X: 31 } }
Layer L2 { Type: CONV Stride { X: 1, Y: 1 } Dimensions { K: 128, C: 48, R: 5, S: 5, Y: 31, X: 31 } }
Layer L3 { Type: CONV Stride { X: 1, Y: 1 } Dimensions { K: 384, C: 256, R: 3, S: 3, Y: 15, X: 15 } }
Layer L4 { Type: CONV Stride { X: 1, Y: 1 } Dimensions { K: 192, C: 192, R: 3, S: 3, Y: 15, X: 15 } }
Layer L5 { Type: CONV Stride { X: 1, Y: 1 } Dimensions { K: 192, C: 192, R: 3, S: 3, Y: 15, X: 15 } }
Layer L6 { Type: CONV Stride { X: 1, Y: 1 } Dimensions { K: 128, C: 192, R: 3, S: 3, Y: 15, X: 15 } }
Layer L7 { Type: CONV Stride { X: 1, Y: 1 } Dimensions { K: 128, C: 192, R: 3, S: 3, Y: 15, X: 15 } }
}
