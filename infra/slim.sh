#!/bin/sh
# Takes out of installed packages what a running function never opens. In: the folder pip installed into.
set -eu
cd "$1"
rm -rf bin numpy/f2py numpy/distutils onnxruntime/transformers onnxruntime/quantization onnxruntime/tools onnxruntime/datasets
find . -type d \( -name tests -o -name testing -o -name __pycache__ \) -prune -exec rm -rf {} +
find . -type f \( -name '*.pyi' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.h' -o -name '*.a' \) -delete
# botocore describes every AWS service (30 MB); a service that the function comes to use must be named here.
find botocore/data -mindepth 1 -maxdepth 1 -type d ! -name s3 ! -name sts ! -name sqs ! -name lambda ! -name dynamodb \
    -exec rm -rf {} +
