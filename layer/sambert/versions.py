"""All versions in one place. In: nothing. Out: the strings that manifests, object keys and --version carry."""

ENGINE = "0.10.0"  # part of every object key: raise it when the same request would sound different
PACK_FORMAT = 1  # raised when an older engine could not read a new pack
