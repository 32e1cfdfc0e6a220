"""Pictures of the atlas, by Chromium (tests/atlas/browser.py). Usage: atlas.py ATLAS.html; writes atlas.png and atlas_confusions.png here."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/atlas"))
from browser import Browser  # noqa: E402


def save(browser, path):
    browser.settle()
    browser.screenshot(path)
    try: # fewer colours take a third of the space
        from PIL import Image
        Image.open(path).convert("RGB").quantize(96, dither=Image.Dither.NONE).save(path, optimize=True)
    except ImportError:
        print("Pillow is not installed:", path, "is larger than it need be")


with Browser(1240, 860) as b:
    b.open(sys.argv[1], "#left=0&right=1&tab=tree&colour=column:family&rank=family&kl=45&kr=45&branches=24")
    b.js("(() => { const a = zscAtlas.app; a.select({kind: 'taxon', column: 'family', value: a.legend().entries[2].name}); a.setTab('tree'); })()")
    save(b, "atlas.png")
    b.open(sys.argv[1], "#left=0&colour=right&rank=species")
    b.click_on("#tab-confusions")
    b.click_on("#panel-confusions .pair")
    b.js("zscAtlas.app.fit()")
    b.click_on("#panel-confusions .specimen:nth-of-type(2)")
    b.js("document.querySelectorAll('#panel-confusions .list li').forEach((e, i) => { if (i > 5) e.remove(); })")
    b.js("document.querySelector('aside').scrollTo(0, 0)")
    save(b, "atlas_confusions.png")
