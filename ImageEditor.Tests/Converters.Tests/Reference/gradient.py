"""Differentiates losses of a network's layers as PyTorch does, in 64 bits, for comparison.

gradient.py FOLDER: the network, losses in graph.json; image.bin, directions.bin and targets.bin (floats). Writes, as doubles, for each
loss after the other: losses.bin (its value), gradients.bin (d loss / d image) and derivatives.bin (central differences along each
direction).
"""

import pathlib
import sys

import torch

from network import Network

STEP = 1e-7
BATCH = 20

folder = pathlib.Path(sys.argv[1])
network = Network(folder, torch.float64)
targets = network.read('targets.bin')


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
    values = network.layers(images)
    return [sum(measured(term, values) for term in terms) for terms in network.graph['losses']]


image = network.read('image.bin').reshape(1, 3, network.graph['height'], network.graph['width']).requires_grad_(True)
found = losses(image)
gradients = [torch.autograd.grad(loss, image, retain_graph=True)[0] for loss in found]
torch.cat(gradients).numpy().tofile(folder / 'gradients.bin')
torch.cat(found).detach().numpy().tofile(folder / 'losses.bin')
with torch.no_grad():
    derivatives = []
    for directions in network.read('directions.bin').reshape(-1, *image.shape[1:]).split(BATCH):
        after = losses(image + STEP * directions)
        before = losses(image - STEP * directions)
        derivatives.append((torch.stack(after) - torch.stack(before)) / (2 * STEP))
torch.cat(derivatives, 1).numpy().tofile(folder / 'derivatives.bin')
