#!/usr/bin/env python3
"""Write utf8_width.def from the Unicode version that this Python knows."""
import unicodedata


def width(point):
    character = chr(point)
    if unicodedata.category(character) in ("Mn", "Me") or 0x1160 <= point <= 0x11FF:
        return 0
    if unicodedata.category(character) == "Cn":
        return 1
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


print(f"/* Made by utf8_width.py from Unicode {unicodedata.unidata_version}. */")
start, last = 0, 1
for point in range(0x110001):
    now = width(point) if point < 0x110000 else None
    if now == last:
        continue
    if last != 1:
        print(f"RANGE(0x{start:04x}, 0x{point - 1:04x}, {last})")
    start, last = point, now
