"""A catalog checked with python3-yaml and python3-jsonschema: what a team
writes for itself. with_jsonschema.py SCHEMAS CATALOG"""
import glob
import json
import os
import sys

import jsonschema
import yaml

PATTERNS = {"actor": "actors/*.yaml", "domain": "domains/*/domain.yaml",
            "target": "domains/*/targets/*.yaml",
            "bridge": "domains/*/bridges/*.yaml"}

loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
wrong = 0
for kind, pattern in PATTERNS.items():
    with open(os.path.join(sys.argv[1], f"{kind}.schema.json"),
              encoding="utf-8") as file:
        validator = jsonschema.Draft202012Validator(json.load(file))
    for path in glob.glob(os.path.join(sys.argv[2], pattern)):
        with open(path, encoding="utf-8") as file:
            wrong += not validator.is_valid(yaml.load(file, loader))
sys.exit(wrong != 0)
