"""openapi-spec-validator on OpenAPI documents.

The argument is a folder of documents. One JSON object is written: the name of each file, with what is wrong with it.
"""

import json
import multiprocessing
import os
import sys

from openapi_spec_validator import OpenAPIV31SpecValidator

FAULTS = 5


def members(pairs):
    """An object; a name that stands twice is a fault that the validator would not see."""
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError(f"a member stands twice among {[name for name, _ in pairs]}")
    return dict(pairs)


def judged(path):
    faults = []
    try:
        with open(path, encoding="utf-8") as file:
            document = json.load(file, object_pairs_hook=members)
        for fault in OpenAPIV31SpecValidator(document).iter_errors():
            faults.append(f"{'/'.join(map(str, fault.absolute_path))}: {fault.message[:300]}")
            if len(faults) == FAULTS:
                break
    except Exception as error:  # the validator ends in many ways where a document is odd enough
        faults.append(f"{type(error).__name__}: {str(error)[:300]}")
    return os.path.basename(path), faults


def main():
    paths = [os.path.join(sys.argv[1], name) for name in os.listdir(sys.argv[1])]
    paths.sort(key=os.path.getsize, reverse=True)
    with multiprocessing.Pool() as pool:
        json.dump(dict(pool.imap_unordered(judged, paths)), sys.stdout)


if __name__ == "__main__":
    main()
