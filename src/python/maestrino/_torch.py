"""Exports PyTorch modules as ONNX."""

import io


def onnx(module, input_size) -> bytes:
    """The bytes of the ONNX file of a module for an input of this size, or for several sizes of several inputs."""
    import torch

    several = all(isinstance(size, (tuple, list)) for size in input_size)
    sizes = [tuple(size) for size in input_size] if several else [tuple(input_size)]
    file = io.BytesIO()
    # Attention as a single operator of PyTorch has no counterpart in ONNX.
    training, fast = module.training, torch.backends.mha.get_fastpath_enabled()
    module.eval()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with torch.no_grad():
            torch.onnx.export(module, tuple(torch.zeros(size) for size in sizes), file, dynamo=False)
    finally:
        module.train(training)
        torch.backends.mha.set_fastpath_enabled(fast)
    return file.getvalue()
