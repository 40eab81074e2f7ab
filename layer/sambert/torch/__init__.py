"""The reference back end: the same networks as torch modules, keys exactly those of KAN-TTS checkpoints.

In: a ModelScope / KAN-TTS voice directory. Out: mel and wave, the yardstick for the ONNX graphs and the start of
training. Build time only: nothing outside this package and the build rooms may import it at run time.
"""
