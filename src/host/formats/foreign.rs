//! Recognises formats of other tools by the first bytes of a file, and says how to get an ONNX or TFLite file from
//! them.

use super::format::not_text;

/// If a file that starts with these bytes has a known format that is not read, the name of the format and what to do.
/// The text continues a sentence that starts with the file's name.
pub(super) fn foreign(prefix: &[u8]) -> Option<&'static str> {
    let known = STARTS.iter().find(|(start, _)| prefix.starts_with(start)).map(|(_, what)| *what);
    let known = known.or_else(|| archive(prefix)).or_else(|| binary(prefix));
    known.or_else(|| if not_text(prefix).is_none() { text(prefix) } else { None })
}

/// Formats that start with a signature, and the text for each.
const STARTS: [(&[u8], &str); 21] = [
    (b"version https://git-lfs", "is a Git LFS pointer, not the file itself; fetch the file: git lfs pull"),
    (b"\x89HDF\r\n\x1a\n", KERAS),
    (
        b"GGUF",
        "is a GGUF file: weights for llama.cpp, without operators; export the model that it was made from: \
         optimum-cli export onnx --model NAME DIR",
    ),
    (b"ftrt", TENSORRT),
    (b"ptrt", TENSORRT),
    (b"\x80\x02", PICKLE),
    (b"\x80\x03", PICKLE),
    (b"\x80\x04\x95", PICKLE),
    (b"\x80\x05\x95", PICKLE),
    (
        b"7767517\n",
        "is an ncnn model (.param); take the ONNX file that it was converted from, or export the original model",
    ),
    (
        b"7767517\r",
        "is an ncnn model (.param); take the ONNX file that it was converted from, or export the original model",
    ),
    (b"\x93NUMPY", "is a NumPy array, not a network; expected ONNX, TFLite, a blob or MAESTRO's language"),
    (b"\x89PNG", "is an image (PNG), not a network; expected ONNX, TFLite, a blob or MAESTRO's language"),
    (b"%PDF-", "is a PDF, not a network; expected ONNX, TFLite, a blob or MAESTRO's language"),
    (b"\x1f\x8b", "was compressed twice; at most one gzip is undone: gunzip it"),
    (b"\xfd7zXZ\0", "is compressed by xz, which is not undone; decompress it: xz -d FILE"),
    (b"\x28\xb5\x2f\xfd", "is compressed by zstd, which is not undone; decompress it: zstd -d FILE"),
    (b"BZh", "is compressed by bzip2, which is not undone; decompress it: bzip2 -d FILE"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive; unpack it: 7z x FILE"),
    (b"<!DOCTYPE", WEB_PAGE),
    (b"<html", WEB_PAGE),
];

const KERAS: &str = "is a Keras model (HDF5); convert it in Python: \
                     tf.lite.TFLiteConverter.from_keras_model(keras.models.load_model(FILE)).convert() gives the bytes of a \
                     TFLite file";
const PICKLE: &str =
    "is a pickled PyTorch model; load it in Python and export it: torch.onnx.export(model, inputs, \"model.onnx\")";
const TENSORRT: &str =
    "is a TensorRT engine, built for one GPU and not to be turned back; take the ONNX file that it was built from";
const WEB_PAGE: &str = "is a web page, not a network; download the file that the page is about";
const SAVED_MODEL: &str = "is a TensorFlow SavedModel; convert its directory: python -m tf2onnx.convert --saved-model DIR --output model.onnx";
const CORE_ML: &str = "is a Core ML model; export the model that it was converted from to ONNX or TFLite";

/// Recognises archives by the names of their first members.
fn archive(prefix: &[u8]) -> Option<&'static str> {
    if prefix.get(257..262) == Some(b"ustar") {
        return Some("is a tar archive; unpack it (tar -xf FILE) and give the model in it");
    }
    if !prefix.starts_with(b"PK\x03\x04") {
        return None;
    }
    const MEMBERS: [(&[u8], &str); 9] = [
        (b".tflite", "is a MediaPipe task, a zip archive of TFLite files; unpack it (unzip FILE) and give one of them"),
        (b"TF_LITE", "is a MediaPipe task, a zip archive of TFLite files; unpack it (unzip FILE) and give one of them"),
        (b".pkl", PICKLE),
        (
            b"model.weights.h5",
            "is a Keras model (.keras); convert it in Python: \
                               tf.lite.TFLiteConverter.from_keras_model(keras.models.load_model(FILE)).convert() gives the \
                               bytes of a TFLite file",
        ),
        (
            b"metadata.json",
            "is a Keras model (.keras); convert it in Python: \
                            tf.lite.TFLiteConverter.from_keras_model(keras.models.load_model(FILE)).convert() gives the \
                            bytes of a TFLite file",
        ),
        (b"saved_model.pb", SAVED_MODEL),
        (b".mlmodel", CORE_ML),
        (b".onnx", "is a zip archive with an ONNX file; unpack it: unzip FILE"),
        (
            b".npy",
            "is an archive of NumPy arrays (.npz), not a network; export the model that they are of to ONNX or TFLite",
        ),
    ];
    let member = MEMBERS.iter().find(|(name, _)| contains(prefix, name)).map(|(_, what)| *what);
    Some(member.unwrap_or(
        "is a zip archive; unpack it (unzip FILE) and give the ONNX or TFLite file in it, or export the \
                           model that is in it to one",
    ))
}

/// Recognises binary formats by their first fields.
fn binary(prefix: &[u8]) -> Option<&'static str> {
    if prefix.get(4..8) == Some(b"ORTM") {
        return Some("is an ONNX Runtime model (ORT format); take the ONNX file that it was made from");
    }
    if let [_, _, _, _, _, 0, 0, 0, b'{', b'"', ..] = prefix {
        return Some(
            "is a safetensors file: weights without operators; load the model that they are of and export it: \
             optimum-cli export onnx --model NAME DIR, or torch.onnx.export",
        );
    }
    match prefix {
        // Protocol buffers. Field 2 is a message that starts with its own field 1; in ONNX it is the producer's name.
        [0x08, version, 0x12, rest @ ..] => match (version, behind_length(rest)?) {
            // MetaGraphDef with MetaInfoDef: operators, tags, TensorFlow's version.
            (1, [0x0A, inner @ ..]) if matches!(behind_length(inner)?, [0x12 | 0x22 | 0x2A, ..]) => Some(SAVED_MODEL),
            // ModelDescription with inputs.
            (1..=16, [0x0A, ..]) => Some(CORE_ML),
            _ => None,
        },
        // A GraphDef starts with a node, a node with its name and its operator.
        [0x0A, rest @ ..] => match behind_length(rest)? {
            [0x0A, length, rest @ ..] if rest.get(usize::from(*length)) == Some(&0x12) => Some(
                "is a frozen TensorFlow graph; convert it: python -m tf2onnx.convert --graphdef FILE --inputs IN:0 \
                 --outputs OUT:0 --output model.onnx",
            ),
            // NetParameter: a name, then layers (field 100), or those of the first version (field 2), or inputs (field 3).
            behind
                if rest[0] < 0x80 && {
                    let name = behind.get(..usize::from(rest[0])).unwrap_or(behind);
                    let next = behind.get(usize::from(rest[0])..).unwrap_or_default();
                    !name.is_empty() && name.is_ascii() && matches!(next, [0xA2, 0x06, ..] | [0x12 | 0x1A, ..])
                } =>
            {
                Some(CAFFE)
            }
            _ => None,
        },
        _ => None,
    }
}

const CAFFE: &str =
    "is a Caffe model; convert it to ONNX with a converter such as caffe2onnx, or export the original model";

/// The bytes after the length of a field.
fn behind_length(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().take(10).position(|byte| *byte < 0x80)?;
    bytes.get(end + 1..)
}

/// Recognises text formats.
fn text(prefix: &[u8]) -> Option<&'static str> {
    let prefix = prefix.strip_prefix(b"\xef\xbb\xbf").unwrap_or(prefix).trim_ascii_start();
    let has = |word: &[u8]| contains(prefix, word);
    match prefix {
        [b'<', ..] if has(b"<net ") || has(b"<net>") => Some(
            "is OpenVINO's IR, which is not to be turned back; take the ONNX or TensorFlow model that it was converted from",
        ),
        [b'<', b'?' | b'a'..=b'z' | b'A'..=b'Z' | b'!', ..] => {
            Some("is an XML file, not a network; expected ONNX, TFLite, a blob or MAESTRO's language")
        }
        [b'{', ..] if has(b"\"modelTopology\"") || has(b"\"weightsManifest\"") => Some(
            "is a TensorFlow.js model; convert it: python -m tf2onnx.convert --tfjs model.json --output model.onnx",
        ),
        [b'{' | b'[', ..] => Some("is a JSON file, not a network; expected ONNX, TFLite, a blob or MAESTRO's language"),
        _ if prefix.starts_with(b"node {") && has(b"op: \"") => Some(
            "is a TensorFlow graph as text (.pbtxt); convert the model that it is of: python -m tf2onnx.convert --saved-model \
             DIR --output model.onnx",
        ),
        _ if (has(b"layer {") || has(b"layers {") || has(b"layer{")) && (has(b"bottom:") || has(b"top:")) => {
            Some(CAFFE)
        }
        _ => None,
    }
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For each format, the first bytes as its own tools write them, and the start of the message.
    #[test]
    fn foreign_formats_are_recognised() {
        let mut tar = vec![b'x'; 512];
        tar[257..262].copy_from_slice(b"ustar");
        let zip = |name: &str| {
            [b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x10\0\0\0", name.as_bytes()].concat()
        };
        let safetensors = b"9\0\0\0\0\0\0\0{\"w\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}";
        let cases: &[(&[u8], &str)] = &[
            (b"GGUF\x03\0\0\0", "a GGUF file"),
            (safetensors, "a safetensors file"),
            (b"\x80\x02}q\0X\x0b\0\0\0conv.weight", "a pickled PyTorch model"),
            (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", "a pickled PyTorch model"),
            (&zip("archive/data.pkl"), "a pickled PyTorch model"),
            (&zip("metadata.json"), "a Keras model"),
            (&zip("hand_detector.tflite"), "a MediaPipe task"),
            (&zip("README"), "a zip archive"),
            (b"\x1c\0\0\0ORTM\0\0", "an ONNX Runtime model"),
            (b"ftrt\0\0\0\0", "a TensorRT engine"),
            (b"\n\x14\n\x05input\x12\x0bPlaceholder\n\x16", "a frozen TensorFlow graph"),
            (b"\x08\x01\x12\xdf\x10\n\xb1\x05\x12\xad\x03\n", "a TensorFlow SavedModel"),
            (b"\x08\x04\x12\x9f\x01\n\x1b\n\x05image", "a Core ML model"),
            (b"\n\x05LeNet\xa2\x06\x20\n\x04data", "a Caffe model"),
            (b"name: \"LeNet\"\nlayer {\n  name: \"data\"\n  top: \"data\"\n}\n", "a Caffe model"),
            (b"<?xml version=\"1.0\"?>\n<net name=\"m\" version=\"11\"><layers/></net>", "OpenVINO's IR"),
            (b"{\"format\": \"graph-model\", \"modelTopology\": {}}", "a TensorFlow.js model"),
            (b"{\"a\": 1}", "a JSON file"),
            (b"7767517\n75 83\nInput data 0 1 data", "an ncnn model"),
            (b"node {\n  name: \"x\"\n  op: \"Placeholder\"\n}", "a TensorFlow graph as text"),
            (&tar, "a tar archive"),
        ];
        for (prefix, what) in cases {
            let message = foreign(prefix).unwrap_or_else(|| panic!("not recognised: {what}"));
            assert!(message.starts_with(&format!("is {what}")) && !message.contains('\n'), "{what}: {message}");
        }
    }

    #[test]
    fn our_own_formats_are_none() {
        let onnx = b"\x08\x08\x12\x07pytorch\x1a\x032.1:\xff\x01\n\x10\n\x05input";
        let tflite = b"\x1c\0\0\0TFL3\x14\0\x20\0";
        for prefix in
            [&onnx[..], tflite, b"MSTR\x01\0", b"Network n { Layer a { } }", b"// {\nConstant A 1", b"", b"\n"]
        {
            assert_eq!(foreign(prefix), None, "{prefix:?}");
        }
    }
}
