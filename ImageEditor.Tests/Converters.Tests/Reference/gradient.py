"""Differentiates losses of a network's layers as PyTorch does, in 64 bits, for comparison.

gradient.py FOLDER: graph.json (operators and losses), weights.bin, image.bin, directions.bin and targets.bin (floats). Writes, as doubles, for each loss
after the other: losses.bin (its value), gradients.bin (d loss / d image) and derivatives.bin (central differences along each direction).
"""

import json
import pathlib
import sys

import numpy
import torch
import torch.nn.functional as functional

STEP = 1e-7
BATCH = 20

folder = pathlib.Path(sys.argv[1])
graph = json.loads((folder / 'graph.json').read_text())
weights = numpy.fromfile(folder / 'weights.bin', numpy.float32)


def floats(name):
    return torch.tensor(numpy.fromfile(folder / name, numpy.float32)).double()


targets = floats('targets.bin')
constants = {}
for constant in graph['constants']:
    start = constant['start']
    values = weights[start:start + int(numpy.prod(constant['shape']))]
    constants[constant['name']] = torch.tensor(values).reshape(constant['shape']).double()


def same(image, stride, side):
    """TensorFlow's SAME padding: the larger half below and to the right."""
    pads = []
    for length in (image.shape[3], image.shape[2]):
        total = max((-(-length // stride) - 1) * stride + side - length, 0)
        pads += [total // 2, total - total // 2]
    return functional.pad(image, pads)


def layers(images):
    values = {'image': images}
    for node in graph['nodes']:
        inputs = [values.get(name, constants.get(name)) for name in node['inputs']]
        if node['type'] == 'Conv':
            padded = same(inputs[0], node['stride'], inputs[1].shape[2])
            result = functional.conv2d(padded, inputs[1], inputs[2], node['stride'], 0, 1, node['group'])
        elif node['type'] == 'Clip':
            result = functional.relu6(inputs[0])
        elif node['type'] == 'Add':
            result = inputs[0] + inputs[1]
        else:
            raise ValueError(node['type'])
        values[node['output']] = result
    return values


def gram(values):
    rows = values.flatten(2)
    return rows @ rows.transpose(1, 2) / rows.shape[2]


def measured(term, values):
    """One number for each image."""
    value = values[term['layer']]
    if term['kind'] == 'style':
        value = gram(value)
    if term['kind'] != 'activation':
        start = term['target']
        value = value - targets[start:start + value[0].numel()].reshape(value.shape[1:])
    return term['weight'] * value.square().flatten(1).mean(1)


def losses(images):
    values = layers(images)
    return [sum(measured(term, values) for term in terms) for terms in graph['losses']]


image = floats('image.bin').reshape(1, 3, graph['height'], graph['width']).requires_grad_(True)
found = losses(image)
gradients = [torch.autograd.grad(loss, image, retain_graph=True)[0] for loss in found]
torch.cat(gradients).numpy().tofile(folder / 'gradients.bin')
torch.cat(found).detach().numpy().tofile(folder / 'losses.bin')
with torch.no_grad():
    derivatives = []
    for directions in floats('directions.bin').reshape(-1, *image.shape[1:]).split(BATCH):
        after = losses(image + STEP * directions)
        before = losses(image - STEP * directions)
        derivatives.append((torch.stack(after) - torch.stack(before)) / (2 * STEP))
torch.cat(derivatives, 1).numpy().tofile(folder / 'derivatives.bin')
