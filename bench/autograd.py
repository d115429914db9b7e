"""Times a network and its gradient in PyTorch, one run for each line that comes in.

autograd.py FOLDER: graph.json (operators), weights.bin and image.bin (floats). A line `forward` computes the last layer, a line `step` the gradient of the mean of
its squares with respect to the image; each is answered with the milliseconds that it took.
"""

import json
import pathlib
import sys
import time

import numpy
import torch
import torch.nn.functional as functional

folder = pathlib.Path(sys.argv[1])
graph = json.loads((folder / 'graph.json').read_text())
torch.set_num_threads(graph['threads'])
weights = torch.tensor(numpy.fromfile(folder / 'weights.bin', numpy.float32))
constants = {}
for constant in graph['constants']:
    start = constant['start']
    constants[constant['name']] = weights[start:start + int(numpy.prod(constant['shape']))].reshape(constant['shape']).clone()


def padded(image, stride, side):
    """TensorFlow's SAME padding of stride-2 convolutions, for those whose padding is not the same on all sides."""
    pads = []
    for length in (image.shape[3], image.shape[2]):
        total = max((-(-length // stride) - 1) * stride + side - length, 0)
        pads += [total // 2, total - total // 2]
    return functional.pad(image, pads)


def last_layer(image):
    values = {'image': image}
    for node in graph['nodes']:
        inputs = [values.get(name, constants.get(name)) for name in node['inputs']]
        if node['type'] == 'Conv':
            side, stride = inputs[1].shape[2], node['stride']
            if stride == 1:
                result = functional.conv2d(inputs[0], inputs[1], inputs[2], 1, side // 2, 1, node['group'])
            else:
                result = functional.conv2d(padded(inputs[0], stride, side), inputs[1], inputs[2], stride, 0, 1, node['group'])
        elif node['type'] == 'Clip':
            result = functional.relu6(inputs[0])
        elif node['type'] == 'Add':
            result = inputs[0] + inputs[1]
        else:
            raise ValueError(node['type'])
        values[node['output']] = result
    return result


image = torch.tensor(numpy.fromfile(folder / 'image.bin', numpy.float32)).reshape(1, 3, graph['side'], graph['side'])
for line in sys.stdin:
    since = time.perf_counter()
    if line.strip() == 'forward':
        with torch.no_grad():
            last_layer(image)
    else:
        last_layer(image.requires_grad_(True)).square().mean().backward()
        image.grad = None
    print((time.perf_counter() - since) * 1000, flush=True)
