"""Text of figures in SVG: figure_text.py FILE.svg [NAME...]. Each text lies within the figure, no two touch, and each
NAME is shown. Widths are those of DejaVu Sans, the sans serif of Debian. Prints one line per fault.

figure_text.py --data FILE.h5 N writes embeddings of N encoders instead."""
import math
import sys
import xml.etree.ElementTree as ET

# hundredths of an em, blank to tilde
WIDTH = [32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 53,
         100, 68, 69, 70, 77, 63, 57, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 68, 61, 68, 39, 34, 39, 84, 50,
         50, 61, 63, 55, 63, 61, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84]


def width_of(text, size):
    return size * sum(WIDTH[ord(c) - 32] if 32 <= ord(c) < 127 else 90 for c in text) / 100


def numbers(words):
    return [float(w) for w in words.replace(",", " ").split()]


def corners(x, y, angle, anchor, size, text):
    """A text's box: baseline to the height of capitals, so that lines set close do not count as touching."""
    w = width_of(text, size)
    left = {"end": -w, "middle": -w / 2}.get(anchor, 0)
    a = math.radians(angle)
    return [(x + dx * math.cos(a) - dy * math.sin(a), y + dx * math.sin(a) + dy * math.cos(a))
            for dx, dy in ((left, 0), (left + w, 0), (left + w, -0.73 * size), (left, -0.73 * size))]


def apart(p, q):
    """By the theorem of separating axes."""
    for box in (p, q):
        for i in range(2):
            ax, ay = box[i + 1][0] - box[i][0], box[i + 1][1] - box[i][1]
            length = math.hypot(ax, ay) or 1
            ax, ay = ax / length, ay / length
            a = [x * ax + y * ay for x, y in p]
            b = [x * ax + y * ay for x, y in q]
            if max(a) <= min(b) + 0.2 or max(b) <= min(a) + 0.2:
                return True
    return False


def texts_of(path):
    root = ET.parse(path).getroot()
    _, _, width, height = numbers(root.get("viewBox"))
    found = []
    for g in root.iter("{http://www.w3.org/2000/svg}g"):
        for t in g.findall("{http://www.w3.org/2000/svg}text"):
            string = "".join(t.itertext()).replace("\u00a0", " ").strip()
            move = g.get("transform", "")
            x, y = numbers(move.split("translate(")[1].split(")")[0])
            angle = numbers(move.split("rotate(")[1].split(")")[0])[0] if "rotate(" in move else 0
            if string:
                found.append((string, corners(x, y, angle, g.get("text-anchor"), float(g.get("font-size")), string)))
    return width, height, found


def check(path, names):
    width, height, found = texts_of(path)
    for string, box in found:
        if not all(-0.5 <= x <= width + 0.5 and -0.5 <= y <= height + 0.5 for x, y in box):
            print(f"{path}: '{string}' leaves the figure of {width:g} x {height:g}: {[(round(x), round(y)) for x, y in box]}")
    for i, (string, box) in enumerate(found):
        for other, q in found[:i]:
            if not apart(box, q):
                print(f"{path}: '{string}' touches '{other}'")
    shown = [s for s, _ in found]
    for name in names:
        if not any(s == name or s.startswith((name + ":", name + ",", name + " ")) or s.endswith(" " + name) or f" {name}," in s
                   for s in shown):
            print(f"{path}: does not show '{name}'")


def write_data(path, n):
    import h5py
    import numpy as np
    rng = np.random.default_rng(0)
    species = rng.integers(0, 12, 120)
    centres = rng.normal(size=(12, 6))
    with h5py.File(path, "w") as f:
        f["id"] = np.array([f"s{i}" for i in range(120)], dtype="S")
        for rank, size in (("order", 6), ("family", 4), ("subfamily", 3), ("genus", 2), ("species", 1)):
            f["labels/" + rank] = np.array([f"{rank}{s // size}" for s in species], dtype="S")
        for k in range(n):
            name = f"embeddings/encoder_number_{k + 1}"
            f[name] = (centres[species] * (0.4 + 0.03 * k) + rng.normal(size=(120, 6))).astype("f4")
            f[name].attrs["modality"] = "image" if k % 2 else "dna"


if sys.argv[1] == "--data":
    write_data(sys.argv[2], int(sys.argv[3]))
else:
    check(sys.argv[1], sys.argv[2:])
