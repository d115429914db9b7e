// Runs a network as TensorFlow.js runs it, for comparison.
// node reference.js layers|waifu2x MODEL HEIGHT WIDTH INPUT OUTPUT, files of little-endian floats, height × width × 3.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';

/** idealo's residual scaling. */
class MultiplyBeta extends tf.layers.Layer {
  static className = 'MultiplyBeta';

  constructor(config) {
    super(config);
    this.beta = config.beta;
  }

  call(inputs) {
    return tf.mul(Array.isArray(inputs) ? inputs[0] : inputs, this.beta);
  }
}

/** idealo's upscaling: TensorFlow's depth_to_space. */
class PixelShuffle extends tf.layers.Layer {
  static className = 'PixelShuffle';

  constructor(config) {
    super(config);
    this.scale = config.scale;
  }

  computeOutputShape([batch, height, width, channels]) {
    return [batch, height && height * this.scale, width && width * this.scale, channels / this.scale ** 2];
  }

  call(inputs) {
    return tf.depthToSpace(Array.isArray(inputs) ? inputs[0] : inputs, this.scale, 'NHWC');
  }
}

/**
 * TensorFlow.js adds the products of a convolution one after another in 32 bits. That rounding alone moves results by 2.4e-4 of 255 (against
 * the same in 64 bits), which is more than is to be compared; groups of a few channels, added up afterwards, round less.
 */
function conv2d(image, kernel, strides, padding) {
  const groups = [];
  for (let from = 0; from < kernel.shape[2]; from += GROUP) {
    const count = Math.min(GROUP, kernel.shape[2] - from);
    const channels = tf.slice(image, [0, 0, 0, from], [-1, -1, -1, count]);
    groups.push(tf.conv2d(channels, tf.slice(kernel, [0, 0, from, 0], [-1, -1, count, -1]), strides, padding));
  }
  return sum(groups);
}

const GROUP = 4;

function sum(tensors) {
  const middle = tensors.length >> 1;
  return tensors.length === 1 ? tensors[0] : tf.add(sum(tensors.slice(0, middle)), sum(tensors.slice(middle)));
}

const [Conv2D] = tf.serialization.SerializationMap.getMap().classNameMap.Conv2D;

/** TensorFlow.js's layer, with the convolution above. */
class GroupedConv2D extends Conv2D {
  static className = 'Conv2D';

  call(inputs) {
    const image = Array.isArray(inputs) ? inputs[0] : inputs;
    const result = conv2d(image, this.kernel.read(), this.strides, this.padding).add(this.bias.read());
    return this.activation.apply(result);
  }
}

tf.serialization.registerClass(GroupedConv2D);
tf.serialization.registerClass(MultiplyBeta);
tf.serialization.registerClass(PixelShuffle);

async function layers(file, image) {
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync(file, 'utf8'));
  const shards = weightsManifest.flatMap((group) => group.paths).map((path) => readFileSync(join(dirname(file), path)));
  const weights = Buffer.concat(shards);
  const model = await tf.loadLayersModel({
    load: async () => ({
      modelTopology,
      weightSpecs: weightsManifest.flatMap((group) => group.weights),
      weightData: weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.length),
    }),
  });
  return model.predict(image);
}

async function waifu2x(file, image) {
  const steps = JSON.parse(readFileSync(file, 'utf8'));
  return steps.reduce((value, step, index) => {
    // Torch keeps weights as output × input × height × width.
    const kernel = tf.tensor4d(step.weight).transpose([2, 3, 1, 0]);
    const sum = conv2d(value, kernel, 1, 'valid').add(tf.tensor1d(step.bias));
    return index < steps.length - 1 ? tf.leakyRelu(sum, 0.1) : sum;
  }, image);
}

const [kind, model, height, width, input, output] = process.argv.slice(2);
await tf.setBackend('cpu');
const bytes = readFileSync(input);
const image = tf.tensor4d(new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4), [1, Number(height), Number(width), 3]);
const result = await { layers, waifu2x }[kind](model, image);
writeFileSync(output, new Uint8Array((await result.data()).buffer));
