"""Times a network and its gradient in PyTorch, one run for each line that comes in.

autograd.py FOLDER: the network, the number of threads in graph.json; image.bin (floats). A line `forward` computes the last layer, a
line `step` the gradient of the mean of its squares with respect to the image; each is answered with the milliseconds that it took.
"""

import pathlib
import sys
import time

import torch

sys.path.append(str(pathlib.Path(__file__).parents[1] / 'ImageEditor.Tests' / 'Converters.Tests' / 'Reference'))
from network import Network

network = Network(sys.argv[1], torch.float32)
torch.set_num_threads(network.graph['threads'])
last = network.graph['nodes'][-1]['output']


def last_layer(image):
    return network.layers(image)[last]


image = network.read('image.bin').reshape(1, 3, network.graph['height'], network.graph['width'])
for line in sys.stdin:
    since = time.perf_counter()
    if line.strip() == 'forward':
        with torch.no_grad():
            last_layer(image)
    else:
        last_layer(image.requires_grad_(True)).square().mean().backward()
        image.grad = None
    print((time.perf_counter() - since) * 1000, flush=True)
