"""The network that a folder describes, in PyTorch: graph.json (operators and constants) and weights.bin (floats)."""

import json
import pathlib

import numpy
import torch
import torch.nn.functional as functional


class Network:
    def __init__(self, folder, dtype):
        self._folder = pathlib.Path(folder)
        self._dtype = dtype
        self.graph = json.loads((self._folder / 'graph.json').read_text())
        weights = self.read('weights.bin')
        self._constants = {}
        for constant in self.graph['constants']:
            start = constant['start']
            values = weights[start:start + int(numpy.prod(constant['shape']))]
            self._constants[constant['name']] = values.reshape(constant['shape']).clone()

    def read(self, name):
        """A file of the folder, which holds floats."""
        return torch.tensor(numpy.fromfile(self._folder / name, numpy.float32)).to(self._dtype)

    def layers(self, images):
        """The outputs of all operators, by name, the last one last."""
        values = {'image': images}
        for node in self.graph['nodes']:
            inputs = [values.get(name, self._constants.get(name)) for name in node['inputs']]
            if node['type'] == 'Conv':
                result = _convolve(*inputs, node['stride'], node['group'])
            elif node['type'] == 'Clip':
                result = functional.relu6(inputs[0])
            elif node['type'] == 'Add':
                result = inputs[0] + inputs[1]
            else:
                raise ValueError(node['type'])
            values[node['output']] = result
        return values


def _convolve(image, weights, bias, stride, group):
    """With TensorFlow's SAME padding: the larger half below and to the right."""
    pads = []
    for length in (image.shape[3], image.shape[2]):
        total = max((-(-length // stride) - 1) * stride + weights.shape[2] - length, 0)
        pads += [total // 2, total - total // 2]
    left, right, top, bottom = pads
    if (left, top) == (right, bottom):
        return functional.conv2d(image, weights, bias, stride, (top, left), 1, group)
    return functional.conv2d(functional.pad(image, pads), weights, bias, stride, 0, 1, group)
