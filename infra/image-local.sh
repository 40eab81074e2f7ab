#!/bin/sh
# Builds infra/Dockerfile without a Docker daemon, then runs the image as Lambda would: little memory, less than one
# processor, a read-only root, a user of no rights. Needs Debian, root, `make setup`, and
#   apt-get install --no-install-recommends debootstrap podman buildah runc
# AWS's base image cannot be pulled everywhere; the base here is Debian 12 with its Python 3.11 and AWS's runtime client.
set -eu
cd "$(dirname "$0")/.."
for tool in debootstrap podman buildah runc; do
    command -v "$tool" >/dev/null || { echo "$tool is not installed; see the first lines of $0" >&2; exit 1; }
done
base=localhost/lambda-base
image=localhost/sambert-lambda
# The certificates are this machine's, so that pip works behind its proxy too; they do not enter the image.
build() { nice -n 5 buildah bud --layers --isolation chroot --pull-never --volume /etc/ssl/certs:/etc/ssl/certs:ro "$@"; }

if ! podman image exists "$base"; then
    root=$(mktemp -d)
    debootstrap --variant=minbase --include=python3,python3-pip,ca-certificates bookworm "$root"
    tar -C "$root" -c . | podman import - "$base-debian"
    rm -rf "$root"
    context=$(mktemp -d)
    build -t "$base" -f - "$context" <<END
FROM $base-debian
RUN python3 -m pip install --no-cache-dir --break-system-packages awslambdaric==4.2.2
WORKDIR /var/task
ENTRYPOINT ["/usr/bin/python3", "-m", "awslambdaric"]
END
    rmdir "$context"
fi
build --build-arg "BASE=$base" -f infra/Dockerfile -t "$image" .
exec .venv/bin/python -m infra.lambda_local.image "$image" "$base"
