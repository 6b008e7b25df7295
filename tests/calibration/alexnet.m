Network alexnet {
Layer CONV1 { Type: CONV Stride { X: 4, Y: 4 } Dimensions { K: 96, C: 3, R: 11, S: 11, Y: 227, X: 227 } }
Layer CONV2 { Type: NGCONV Dimensions { G: 2, K: 128, C: 48, R: 5, S: 5, Y: 31, X: 31 } }
Layer CONV3 { Type: CONV Dimensions { K: 384, C: 256, R: 3, S: 3, Y: 15, X: 15 } }
Layer CONV4 { Type: NGCONV Dimensions { G: 2, K: 192, C: 192, R: 3, S: 3, Y: 15, X: 15 } }
Layer CONV5 { Type: NGCONV Dimensions { G: 2, K: 128, C: 192, R: 3, S: 3, Y: 15, X: 15 } }
}
