// Runs the first operators of a network as TensorFlow Lite runs them, for comparison: its interpreter as WebAssembly, as @tensorflow/tfjs-tflite brings it.
// node tflite.cjs MODEL OPERATORS TENSOR INPUT OUTPUT: the value of that tensor after so many operators; files of little-endian floats in the model's own layout.
const { readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const [model, operators, tensor, input, output] = process.argv.slice(2);
const folder = join(dirname(require.resolve('@tensorflow/tfjs-tflite/package.json')), 'wasm');
const load = require(join(folder, 'tflite_web_api_cc_simd.js'));

/** Shortens the list of operators and names another output, in the file itself: fields are those of TensorFlow Lite's schema. */
function cut(file) {
  const follow = (place) => place + file.readUInt32LE(place);
  const field = (table, index) => follow(table + file.readUInt16LE(table - file.readInt32LE(table) + 4 + 2 * index));
  const graph = follow(field(follow(0), 2) + 4);
  file.writeUInt32LE(Number(operators), field(graph, 3));
  file.writeInt32LE(Number(tensor), field(graph, 2) + 4);
  return file;
}

function listed(vector) {
  return Array.from({ length: vector.size() }, (_, index) => vector.get(index));
}

(async () => {
  const lite = await load({ wasmBinary: readFileSync(join(folder, 'tflite_web_api_cc_simd.wasm')) });
  const file = cut(readFileSync(model));
  const place = lite._malloc(file.length);
  lite.HEAPU8.set(file, place);
  const made = lite.TFLiteWebModelRunner.CreateFromBufferAndOptions(place, file.length, { numThreads: 1, enableProfiling: false, maxProfilingBufferEntries: 0 });
  if (!made.ok()) {
    throw new Error(made.errorMessage());
  }

  const runner = made.value();
  listed(runner.GetInputs())[0].data().set(new Float32Array(new Uint8Array(readFileSync(input)).buffer));
  if (!runner.Infer()) {
    throw new Error('The network did not run.');
  }

  writeFileSync(output, new Float32Array(listed(runner.GetOutputs())[0].data()));
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
