Network vgg16 {
Layer CONV1_1 { Type: CONV Dimensions { K: 64, C: 3, R: 3, S: 3, Y: 226, X: 226 } }
Layer CONV1_2 { Type: CONV Dimensions { K: 64, C: 64, R: 3, S: 3, Y: 226, X: 226 } }
Layer CONV2_1 { Type: CONV Dimensions { K: 128, C: 64, R: 3, S: 3, Y: 114, X: 114 } }
Layer CONV2_2 { Type: CONV Dimensions { K: 128, C: 128, R: 3, S: 3, Y: 114, X: 114 } }
Layer CONV3_1 { Type: CONV Dimensions { K: 256, C: 128, R: 3, S: 3, Y: 58, X: 58 } }
Layer CONV3_2 { Type: CONV Dimensions { K: 256, C: 256, R: 3, S: 3, Y: 58, X: 58 } }
Layer CONV3_3 { Type: CONV Dimensions { K: 256, C: 256, R: 3, S: 3, Y: 58, X: 58 } }
Layer CONV4_1 { Type: CONV Dimensions { K: 512, C: 256, R: 3, S: 3, Y: 30, X: 30 } }
Layer CONV4_2 { Type: CONV Dimensions { K: 512, C: 512, R: 3, S: 3, Y: 30, X: 30 } }
Layer CONV4_3 { Type: CONV Dimensions { K: 512, C: 512, R: 3, S: 3, Y: 30, X: 30 } }
Layer CONV5_1 { Type: CONV Dimensions { K: 512, C: 512, R: 3, S: 3, Y: 16, X: 16 } }
Layer CONV5_2 { Type: CONV Dimensions { K: 512, C: 512, R: 3, S: 3, Y: 16, X: 16 } }
Layer CONV5_3 { Type: CONV Dimensions { K: 512, C: 512, R: 3, S: 3, Y: 16, X: 16 } }
}
