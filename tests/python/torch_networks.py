"""`Network.from_torch` on networks of torchvision: MACs against PyTorch's own counter. Not part of the tests, since PyTorch is gigabytes:

    pip install . torch torchvision && python tests/python/torch_networks.py [NETWORK ...]

Last run with torch 2.15.0 and torchvision 0.29.2: all equal."""

import sys
import warnings

import torch
import torchvision
from maestrino import Network
from torch.utils.flop_counter import FlopCounterMode

NETWORKS = [
    "alexnet",
    "vgg16",
    "resnet18",
    "resnet50",
    "squeezenet1_1",
    "densenet121",
    "googlenet",
    "mobilenet_v2",
    "mobilenet_v3_small",
    "shufflenet_v2_x1_0",
    "efficientnet_b0",
    "regnet_y_400mf",
    "convnext_tiny",
    "vit_b_16",
    "swin_t",
]
SIZE = (1, 3, 224, 224)


def counted(module):
    """MACs as PyTorch counts them while it runs: of convolutions and matrix products, with padding, as two operations each."""
    # PyTorch does not count an attention that is a single operator.
    torch.backends.mha.set_fastpath_enabled(False)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        module(torch.zeros(SIZE))
    return counter.get_total_flops() // 2


def main():
    warnings.simplefilter("ignore")
    print(f"torch {torch.__version__}, torchvision {torchvision.__version__}")
    wrong = 0
    for name in sys.argv[1:] or NETWORKS:
        module = getattr(torchvision.models, name)(weights=None).eval()
        network, macs = Network.from_torch(module, SIZE), counted(module)
        equal = network.macs == macs
        wrong += not equal
        print(f"{name:20} {len(network):5} layers {network.macs:12} MACs, {'equal' if equal else f'not {macs}'}", flush=True)
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
