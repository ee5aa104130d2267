"""Make a fuzzer's first inputs from what the tree and the suites hold.

seeds.py FUZZER FOLDER; the public suites are at $SUITES, if anywhere.
"""

import json
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SUITES = pathlib.Path(os.environ.get("SUITES") or "/nonexistent")
CUT = b"\n%%%%\n"
KINDS = ["catalog", "domain", "target", "bridge", "actor", "tunnels"]


def example():
    """Every document of the example catalog: path, content."""
    top = ROOT / "opscatalog.example"
    for path in sorted(top.rglob("*.yaml")):
        yield str(path.relative_to(top)), path.read_bytes()


def kind_of(path):
    for part, kind in (
        ("bridges/", "bridge"),
        ("targets/", "target"),
        ("actors/", "actor"),
        ("domain.yaml", "domain"),
        ("tunnels", "tunnels"),
    ):
        if part in path:
            return KINDS.index(kind)
    return 0


def yaml_suite():
    try:
        cases = json.loads((SUITES / "yaml/cases.json").read_text())
    except OSError:
        return
    for case in cases:
        text = case.get("yaml") if isinstance(case, dict) else None
        if text:
            yield text.encode()


def schema_suite():
    for path in sorted((SUITES / "json-schema/tests").rglob("*.json")):
        for group in json.loads(path.read_text()):
            for test in group["tests"][:3]:
                yield group["schema"], test["data"]


def yaml():
    for path, content in example():
        yield bytes([kind_of(path)]) + content
    for content in yaml_suite():
        yield b"\0" + content
    yield b"\5tunnels: {a: &a {host: h}, b: {<<: *a, tags: [1, 0x2, .nan]}}\n"


def schema():
    for rule, data in schema_suite():
        yield json.dumps(rule).encode() + CUT + json.dumps(data).encode()
    documents = list(example())
    for path in sorted((ROOT / "schema").glob("*.schema.json")):
        kind = KINDS.index(path.name.split(".")[0])
        for name, content in documents:
            if kind_of(name) == kind:
                yield path.read_bytes() + CUT + content


def patterns(value):
    if isinstance(value, dict):
        if isinstance(value.get("pattern"), str):
            yield value["pattern"]
        inner = value.get("patternProperties")
        if isinstance(inner, dict):
            yield from inner
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from patterns(item)


def regex():
    for rule, data in schema_suite():
        for pattern in patterns(rule):
            text = data if isinstance(data, str) else json.dumps(data)
            yield pattern.encode() + CUT + text.encode()
    for path in sorted((ROOT / "schema").glob("*.schema.json")):
        for pattern in patterns(json.loads(path.read_text())):
            yield pattern.encode() + CUT + b"state-hub.example.org:22"
    yield b"(a*)*b" + CUT + b"a" * 200
    yield b"^([a-z]+|\\p{Letter}{2,5}?)+$" + CUT + b"abc" * 50


def main():
    name, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    make = globals().get(name.removeprefix("fuzz_"))
    for number, content in enumerate(make() if make else []):
        try:
            (folder / f"{number:05}").write_bytes(content)
        except OSError as error:
            sys.exit(f"{folder}: {error}")
    for path in sorted((ROOT / "testdata/fuzz" / name).glob("*")):
        (folder / path.name).write_bytes(path.read_bytes())


main()
