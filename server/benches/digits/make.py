"""Draws the digits beside it as MNIST has them: 28 x 28, light ink on black.

    python -m venv /tmp/pillow && /tmp/pillow/bin/pip install pillow && /tmp/pillow/bin/python make.py
"""

import json
from pathlib import Path

from PIL import Image, ImageDraw

HERE = Path(__file__).parent
STROKES = HERE / "../../../end2end/strokes"
SIDE, SCALE, RADIUS = 28, 8, 9
KINDS = ["0-round", "1-plain", "2-plain", "3-round", "4-open", "5-two-strokes", "6-curved", "7-plain", "8-narrow", "9-curved"]


def main() -> None:
    for digit, kind in enumerate(KINDS):
        drawing = json.loads((STROKES / f"{kind}.json").read_text())
        zoom = SIDE * SCALE / drawing["canvas"]
        page = Image.new("L", (SIDE * SCALE, SIDE * SCALE), 0)
        pen = ImageDraw.Draw(page)
        for stroke in drawing["strokes"]:
            points = [(x * zoom, y * zoom) for x, y, _ in stroke]
            pen.line(points, fill=255, width=2 * RADIUS, joint="curve")
            for x, y in points:
                pen.ellipse((x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS), fill=255)
        page.resize((SIDE, SIDE), Image.Resampling.BOX).save(HERE / f"{digit}.png", optimize=True)


if __name__ == "__main__":
    main()
