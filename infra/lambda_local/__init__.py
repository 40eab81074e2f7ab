"""A Lambda function on this machine, for real: AWS's Runtime Interface Emulator and runtime client, no container.

In: a handler's dotted name and its environment. Out: ``LambdaFunction``, which answers events as Lambda does.
``python -m infra.lambda_local EVENT.json …`` sends event files to functions.http.handler.handler.
"""

from infra.lambda_local.emulator import EmulatorMissing, emulator_path
from infra.lambda_local.function import FunctionError, LambdaFunction

__all__ = ["EmulatorMissing", "FunctionError", "LambdaFunction", "emulator_path"]
