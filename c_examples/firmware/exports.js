// Checks that a WebAssembly module exports these functions and can be called: node exports.js MODULE FUNCTION...
const fs = require("fs");

const [path, ...functions] = process.argv.slice(2);
WebAssembly.instantiate(fs.readFileSync(path)).then(({ instance: { exports } }) => {
    const missing = functions.filter((name) => typeof exports[name] !== "function");
    if (missing.length > 0) throw new Error(`not exported: ${missing.join(", ")}`);
    console.log(`exports wasm32-unknown-unknown ${functions.length}`);
    console.log(`abi-version wasm32-unknown-unknown ${exports.maestrino_abi_version()}`);
});
