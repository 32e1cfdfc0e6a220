#!/usr/bin/env python3
"""The page of zsc atlas in Chromium, as someone uses it. Usage: page.py SRCDIR PAGE SINGLE HOSTILE SPLIT NOTREE NOLABELS

PAGE: of two results with pictures; SINGLE: one result of fewer specimens; HOSTILE: names that would act if they could; SPLIT: data in
a file beside the page; NOTREE: of a result without a dendrogram; NOLABELS: of specimens without taxa. Prints a line for each fault; the exit status is 1 if there is any."""
import functools
import http.server
import json
import os
import sys
import threading
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser  # noqa: E402

SRC, PAGE, SINGLE, HOSTILE, SPLIT, NOTREE, NOLABELS = sys.argv[1:8]
faults = []


def check(good, words):
    if not good:
        faults.append(words)
        print("FAIL:", words, flush=True)


def equal(found, expected, words):
    check(found == expected, f"{words}: found {found!r}, expected {expected!r}")


APP = "zscAtlas.app"
PIXELS = """(() => {{ const c = document.querySelector('#view-{side} canvas.points'), o = document.createElement('canvas');
  o.width = c.width; o.height = c.height; const x = o.getContext('2d'); x.drawImage(c, 0, 0);
  const d = x.getImageData(0, 0, o.width, o.height).data, seen = new Map();
  for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 200) {{ const k = d[i] << 16 | d[i + 1] << 8 | d[i + 2]; seen.set(k, (seen.get(k) || 0) + 1); }}
  return [...seen].sort((a, b) => b[1] - a[1]); }})()"""


def pixels(b, side="left"):
    """Colours of the opaque pixels of a map, most frequent first."""
    return dict(b.js(PIXELS.format(side=side)))


def near(colours, wanted, reach=24):
    """Pixels of about a colour: blending leaves it a little off."""
    def far(a):
        return max(abs((a >> s & 255) - (wanted >> s & 255)) for s in (0, 8, 16))
    return sum(count for colour, count in colours.items() if far(colour) <= reach)


def middle_of(b, row, side="left"):
    """Where a row is, in pixels of the window."""
    return b.js(f"(() => {{ const s = {APP}.all[{0 if side == 'left' else 1}], m = s.map, r = m.element.getBoundingClientRect(); "
                f"const [x, y] = m.toScreen(m.xy[2 * {row}], m.xy[2 * {row} + 1]); return [r.x + x, r.y + y]; }})()")


def open_page(b, page, fragment=""):
    b.problems.clear()
    b.requests.clear()
    b.open(page, fragment)
    b.settle()


def quiet(b, words):
    check(not b.problems, f"{words}: the console has {b.problems}")
    outside = [u for u in b.requests if not u.startswith(("file:", "blob:", "data:", "about:"))]
    check(not outside, f"{words}: the page asked for {outside}")


def units(b):
    order = [line.strip(" \\\n") for line in open(os.path.join(SRC, "Makefile.am"), encoding="utf-8")]
    order = order[order.index("atlas_assets = ") + 1 if "atlas_assets = " in order else order.index("atlas_assets =") + 1:]
    for name in order:
        if not name.endswith((".js", ".css", ".html")):
            break
        if name.endswith(".js"):
            with open(os.path.join(SRC, "share/atlas", name), encoding="utf-8") as file:
                b.js(file.read() + "\n;0")
    with open(os.path.join(SRC, "tests/atlas/units.js"), encoding="utf-8") as file:
        result = b.js(file.read().split("\n", 1)[1])
    check(result["done"] > 150, f"unit tests: only {result['done']}")
    for fault in result["failed"]:
        check(False, f"unit test {fault}")


def draws(b):
    open_page(b, PAGE)
    quiet(b, "loading")
    seen = pixels(b)
    check(sum(seen.values()) > 500, f"the map is nearly empty: {sum(seen.values())} pixels")
    head = b.js(f"{APP}.model.head.colours")
    for light, _ in head[:3]:
        check(near(seen, int(light[1:], 16)) > 5, f"the colour {light} of a frequent taxon is not on the map")
    words = b.js("document.body.innerText")
    check("Simulated data" in words and "AMI, per cent" in words, "title or scores are not there")
    names = b.js("(() => { const c = document.querySelector('#view-left canvas.names'); return c.getContext('2d').getImageData(0, 0, c.width, c.height).data"
                 ".some(v => v); })()")
    check(names, "no names of taxa are drawn")


def tip_of(b, row, side="left"):
    """Points at a row; the tooltip may be that of another at the same spot."""
    x, y = middle_of(b, row, side)
    b.mouse("mouseMoved", x - 40, y - 40)
    b.settle()
    b.mouse("mouseMoved", x, y)
    b.settle()
    return b.js("document.getElementById('tip').hidden ? '' : document.getElementById('tip').innerText")


def hover_and_click(b):
    open_page(b, PAGE)
    row = b.js(f"(() => {{ const m = {APP}.all[0].map; const e = m.element.getBoundingClientRect(); return m.find(e.width / 2, e.height / 2) >= 0 ? "
               "m.find(e.width / 2, e.height / 2) : 7; })()")
    tip = tip_of(b, row)
    shown = b.js(f"{APP}.model.ids().findIndex(id => {json.dumps(tip)}.startsWith(id + '\\n'))")
    check(shown >= 0 and "Family:" in tip and "Cluster " in tip, f"tooltip: {tip!r}")
    b.click(*middle_of(b, row))
    b.wait("!document.getElementById('details').hidden")
    details = b.js("document.getElementById('details').innerText")
    focus = b.js(f"{APP}.id({APP}.state.focus)")
    check(focus in details and "Nearest in the embeddings" in details and "specimens," in details, f"details: {details[:300]!r}")
    b.wait("(i => i && i.complete)(document.querySelector('#details img'))")
    check(b.js("document.querySelector('#details img').naturalWidth") == 2, "the picture is not shown")
    b.js(f"{APP}.focus({APP}.model.ids().indexOf({json.dumps(os.environ['UNPICTURED'])}))")
    b.settle()
    b.wait("!document.querySelector('#details img')")  # a picture that is not there leaves no hole
    b.problems.clear()
    b.js(f"document.querySelector('#details .list button').click()")
    b.settle()
    check(b.js(f"{APP}.id({APP}.state.focus)") != os.environ["UNPICTURED"], "a nearest specimen cannot be chosen")
    b.problems.clear()


def finds(b):
    open_page(b, PAGE)
    taxon = b.js(f"{APP}.legend().entries[1].name")
    count = b.js(f"{APP}.legend().entries[1].count")
    b.click_on("#search")
    b.type(taxon[:8].lower())
    check(b.js("document.querySelectorAll('#found li').length") > 0, "the search finds nothing")
    b.js("document.getElementById('search').value = ''")
    b.type(taxon)
    b.key("Enter")
    equal(b.js(f"{APP}.state.list.length"), count, f"specimens of {taxon}")
    equal(b.js("document.getElementById('tab-selection').getAttribute('aria-selected')"), "true", "the panel of the selection")
    check(taxon in b.js("document.getElementById('panel-selection').innerText"), "the composition lacks the taxon")
    seen = pixels(b)
    light = b.js(f"{APP}.model.head.colours[1][0]")
    check(near(seen, int(light[1:], 16)) > 20, "the selection is not in its colour")
    first = int(b.js(f"{APP}.model.head.colours[0][0]")[1:], 16)
    equal(near(seen, first), 0, "pixels in the full colour of what is not selected")
    identifier = b.js(f"{APP}.id(11)")
    b.js("document.getElementById('search').value = ''")
    b.click_on("#search")
    b.type(identifier)
    b.key("Enter")
    equal(b.js(f"{APP}.state.focus"), 11, "the specimen that was searched")
    b.js(f"{APP}.focus(-1)")
    b.settle()
    drawn = b.js(f"""(() => {{ const s = {APP}.all[0], m = s.map, [x, y] = m.toScreen(m.xy[22], m.xy[23]), c = m.canvas, o = document.createElement('canvas');
        o.width = c.width; o.height = c.height; const k = o.getContext('2d'); k.drawImage(c, 0, 0); const f = c.width / m.element.clientWidth;
        const d = k.getImageData(Math.round(x * f), Math.round(y * f), 1, 1).data, slot = zscAtlas.colourRows({APP}.model, s, {APP}.state.colour, {APP}.rank()).slots[11];
        return [d[0] << 16 | d[1] << 8 | d[2], parseInt(s.palette.colour(slot).slice(1), 16), d[3]]; }})()""")
    check(drawn[0] == drawn[1] and drawn[2] == 255, f"what is drawn where the specimen is: {drawn}")
    quiet(b, "search")


def selects(b):
    open_page(b, PAGE, "#right=1")
    box = b.js("(e => { const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })(document.querySelector('#view-left .map'))")
    x, y, w, h = box
    b.click_on("#tool-lasso")
    corners = [(x + w * (.5 + .3 * c), y + h * (.5 + .3 * s)) for c, s in ((1, 0), (.7, .7), (0, 1), (-.7, .7), (-1, 0), (-.7, -.7), (0, -1), (.7, -.7))]
    b.drag(corners)
    lasso = b.js(f"{APP}.state.list.length")
    expected = b.js(f"""(() => {{ const s = {APP}.all[0], p = s.map, o = {APP}.state.source.points; let n = 0;
        for (let i = 0; i < s.view.rows; i++) n += zscAtlas.inPolygon(o, p.xy[2 * i], p.xy[2 * i + 1]); return n; }})()""")
    check(0 < lasso < b.js(f"{APP}.model.head.rows"), f"the lasso takes {lasso}")
    equal(lasso, expected, "specimens in the lasso")
    right = b.js(f"{APP}.all[1].map.flags.filter(f => f & 1).length")
    equal(right, lasso, "specimens that are selected on the right")
    csv = b.js(f"{APP}.idsCsv()").strip().split("\n")
    equal((csv[0], len(csv) - 1, csv[1]), ("id", lasso, b.js(f"{APP}.id({APP}.state.list[0])")), "ids as CSV")
    shares = b.js("[...document.querySelectorAll('#panel-selection table.shares')].length")
    equal(shares, 2, "tables of the clusters' shares")
    total = b.js(f"{APP}.shares({APP}.all[1], {APP}.state.list).reduce((n, s) => n + s.selected, 0)")
    equal(total, lasso, "selected rows over clusters")
    link = b.js(f"{APP}.link()")
    b.click_on("#tool-box")
    b.drag([(x + 30, y + 30), (x + w * .4, y + h * .4), (x + w * .55, y + h * .55)])
    check(b.js(f"{APP}.state.source?.kind") == "outline" and b.js(f"{APP}.state.source.points.length") == 8, "no box")
    b.click_on("#tool-pan")
    b.drag([(x + w / 2, y + h / 2), (x + w / 2 + 50, y + h / 2 + 30)])
    b.mouse("mouseWheel", x + w / 2, y + h / 2, deltaX=0, deltaY=-300)
    b.settle()
    camera = b.js(f"{APP}.all[0].map.camera()")
    check(camera["k"] > 1.05, f"the wheel does not zoom: {camera}")
    b.js("document.activeElement.blur()")
    b.key("Escape")
    equal(b.js(f"{APP}.state.list.length"), 0, "the selection after Escape")
    open_page(b, PAGE, link)
    equal(b.js(f"{APP}.state.list.length"), lasso, "the lasso after a link was opened")
    quiet(b, "selecting")


def saved(b, folder, button, count=1):
    """Names of the files that a click saves."""
    before = set(os.listdir(folder))
    b.click_on(button)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        new = [n for n in os.listdir(folder) if n not in before and not n.endswith(".crdownload")]
        if len(new) >= count:
            return [os.path.join(folder, n) for n in sorted(new)]
        time.sleep(0.05)
    check(False, f"{button} saves nothing")
    return []


def exports(b, folder):
    open_page(b, PAGE)
    b.call("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": folder}, session=None)
    b.js(f"{APP}.select({{kind: 'taxon', column: 'order', value: {APP}.model.column('order').levels[0]}})")
    b.settle()
    for path in saved(b, folder, "#save-csv"):
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        equal(len(lines), b.js(f"{APP}.state.list.length") + 2, "lines of the CSV that is saved")
    for path in saved(b, folder, "#save-png"):
        with open(path, "rb") as file:
            data = file.read()
        check(data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) > 10000, "the PNG is none")
    for path in saved(b, folder, "#save-svg"):
        import xml.etree.ElementTree as tree
        root = tree.parse(path).getroot()
        check(root.tag.endswith("svg") and len(list(root.iter())) > 20, "the SVG is nearly empty")
        check("simulated data" in "".join(root.itertext()), "the SVG does not say that data is simulated")
    quiet(b, "exports")


def cuts(b):
    open_page(b, PAGE, "#tab=tree&colour=cluster")
    clusters = b.js(f"{APP}.all[0].view.tree.clusters")
    scores = os.environ["CURVE"]  # of zsc curve: clusters, one column per rank
    with open(scores, encoding="utf-8") as file:
        header = file.readline().strip().split(",")
        curve = {int(line.split(",", 1)[0]): line.strip().split(",") for line in file}
    before = pixels(b)
    for k in (2, 7, 40, clusters):
        b.js(f"(e => {{ e.value = {k}; e.dispatchEvent(new Event('change')); }})(document.querySelector('#view-left .cut input[type=number]'))")
        b.settle()
        equal(b.js(f"{APP}.all[0].k"), k, "the cut")
        equal(b.js(f"new Set({APP}.all[0].cluster).size"), k, "clusters at the cut")
        shown = b.js("Object.fromEntries([...document.querySelectorAll('#view-left .scores td[data-rank]')].map(t => [t.dataset.rank, t.textContent]))")
        for rank, text in shown.items():
            value = curve[k][header.index(rank)]
            check(text == "-" if value == "" else abs(float(text) - 100 * float(value)) < 0.051, f"AMI at {k} of {rank}: page {text}, zsc curve {value}")
        lines = b.js("document.querySelectorAll('#panel-tree .branch').length")
        equal(lines, min(k, 40), "branches of the tree")
    b.js(f"{APP}.setCut({APP}.all[0], 1)")
    b.settle()
    check("The top 2 branches; the cut has 1 cluster." in b.js("document.getElementById('panel-tree').innerText"), "what the tree says of one cluster")
    check(pixels(b) != before, "the cut does not change the colours")
    equal(b.js(f"{APP}.all[0].cluster.length"), b.js(f"{APP}.all[0].view.rows"), "rows")
    b.js(f"{APP}.setCut({APP}.all[0], {APP}.all[0].view.head.k)")
    own = b.js(f"(() => {{ const v = {APP}.all[0].view; return v.given.every((c, i) => c === {APP}.all[0].cluster[i]); }})()")
    check(own, "the cut of the run is not the run's clusters")
    b.js("(e => { e.value = 3; e.dispatchEvent(new Event('input')); })(document.querySelector('#view-left .cut input[type=range]'))")
    b.settle()
    equal(b.js(f"{APP}.all[0].k"), 4, "the slider's fourth stop")
    # both ways: a branch selects on the map, and what is pointed at on the map lights its branch
    b.click_on("#panel-tree .branch:nth-of-type(2)")
    rows = b.js(f"{APP}.state.list.length")
    check(rows > 0 and b.js(f"{APP}.state.source.kind") == "node", "a branch cannot be selected")
    check(b.js("document.querySelectorAll('#panel-tree .picked').length") > 0, "the tree does not show the selection")
    b.js(f"{APP}.select(null)")
    b.settle()
    tip_of(b, 3)
    equal(b.js("document.querySelectorAll('#panel-tree .branch.lit').length"), 1, "branches that a specimen lights")
    quiet(b, "cuts")


def legend(b):
    open_page(b, PAGE)
    light = int(b.js(f"{APP}.model.head.colours[0][0]")[1:], 16)
    before = near(pixels(b), light, 8)
    key = b.js("document.querySelector('.legend button').dataset.key")
    b.click_on(".legend button")
    equal(b.js("document.querySelector('.legend button').getAttribute('aria-pressed')"), "false", "the entry that was clicked")
    hidden = b.js(f"{APP}.all[0].map.flags.filter(f => f & 2).length")
    equal(hidden, b.js(f"{APP}.legend().entries[0].count"), f"rows of {key} that are hidden")
    after = near(pixels(b), light, 8)
    check(after < before, f"pixels of a taxon that is hidden: {before} before, {after} after")
    for value in ("column:species", "cluster", "right", "column:country", "column:coord-lat", "column:family"):
        b.js(f"(e => {{ e.value = {json.dumps(value)}; e.dispatchEvent(new Event('change')); }})(document.getElementById('colour'))")
        b.settle()
        entries = b.js(f"{APP}.legend().entries")
        equal(sum(e["count"] for e in entries), b.js(f"{APP}.all[0].view.rows"), f"rows in the legend of {value}")
        check(len(pixels(b)) > 3, f"colours by {value}")
    right, wrong = b.js(f"(() => {{ {APP}.setColour('right'); {APP}.flush(); return {APP}.legend().entries.slice(0, 2).map(e => e.count); }})()")
    found = b.js(f"{APP}.confusions({APP}.all[0], {APP}.rank())")
    equal((wrong, right), (found["wrong"], found["labelled"] - found["wrong"]), "wrong and right, and the confusions")
    quiet(b, "legend")


def biologist(b):
    """Which species does this encoder confuse with which, and three specimens: five clicks."""
    open_page(b, PAGE)  # as it opens: clicks are counted from here
    b.click_on("#view-left .scores button[data-rank=species]")
    equal(b.js(f"[{APP}.state.rank.name, {APP}.state.colour, document.getElementById('rank').value]"), ["species", "column:species", "species"], "the rank that was clicked")
    equal(b.js("[...document.querySelectorAll('#view-left .scores button[aria-pressed=true]')].map(e => e.dataset.rank)"), ["species"], "the rank that is marked")
    b.click_on("#tab-confusions")
    b.click_on("#panel-confusions .pair")
    listed = b.js("[...document.querySelectorAll('#panel-confusions .specimen')].map(e => e.innerText)")
    check(listed and listed == b.js(f"{APP}.state.list.slice(0, 12).map({APP}.id)"), f"specimens after the third click: {listed}")
    equal(b.js("document.querySelector('#panel-confusions .pair').getAttribute('aria-pressed')"), "true", "the pair that was clicked")
    pair = b.js(f"{APP}.state.source")
    seen = set()
    for i in (1, 2, 3):
        if b.js(f"document.querySelectorAll('#panel-confusions .specimen').length") < i:
            break
        b.click_on(f"#panel-confusions .specimen:nth-of-type({i})")
        seen.add(b.js(f"{APP}.state.focus"))
        shown = b.js("[document.querySelector('#details h3'), ...document.querySelectorAll('#panel-confusions .specimen')].slice(0, 4).every(e => {"
                     "const r = e.getBoundingClientRect(), at = document.elementFromPoint(r.x + 5, r.y + r.height / 2); return at && e.contains(at); })")
        check(shown, f"specimen {i} of the pair: what is known of it, or the others, are out of sight")
        details = b.js("document.getElementById('details').innerText")
        check(pair["taxon"] in details and pair["other"] in details and "wrong at species" in details, f"details of specimen {i} of the pair")
    check(len(seen) == min(3, b.js(f"{APP}.state.list.length")), f"{len(seen)} specimens of the pair")
    quiet(b, "confusions")


def restores(b):
    open_page(b, PAGE, "#right=1")
    b.js(f"""(() => {{ const a = {APP}; a.setColour('column:order'); a.setCut(a.all[0], 12); a.setCut(a.all[1], 9); a.setTheme('dark'); a.setTab('tree');
        a.toggle(a.legend().entries[0].key); a.focus(17); a.flush(); a.toggle('none');
        a.all[0].map.setCamera({{x: 20000, y: 30000, k: 3}}); a.select({{kind: 'cluster', result: 1, k: 9, cluster: 4}}); a.setTab('tree'); }})()""")
    b.settle()
    before = b.js(f"{APP}.link()")
    b.wait(f"location.hash === {APP}.link()")
    open_page(b, PAGE, before)
    equal(b.js(f"{APP}.link()"), before, "the view after its link was opened")
    equal(b.js(f"{APP}.state.focus"), 17, "the focus after the link")
    check(b.js("document.documentElement.dataset.theme") == "dark", "the link's theme")
    second = b.js(f"{APP}.model.head.results[1].key")
    open_page(b, PAGE, f"#key={second}")
    equal(b.js(f"{APP}.all[0].index"), 1, "the result whose key a link names")
    for bad in ("#key=nothing", "#left=99&right=-5&kl=0&kr=1e9&rank=nothing&colour=column:nothing&tab=x&theme=y&focus=z&select=%7B%22kind%22%3A%22node%22%7D&cl=NaN_1_2",
                "#select=%7B%22kind%22%3A%22outline%22%2C%22result%22%3A0%2C%22points%22%3A%5B%22a%22%5D%7D&hide=%5B%5B%5D%5D", "#constructor=1&__proto__=2&%%%"):
        open_page(b, PAGE, bad)
        check(sum(pixels(b).values()) > 500, f"nothing is drawn with {bad}")
        quiet(b, bad)


def keyboard(b):
    open_page(b, PAGE)
    b.js("document.querySelector('#view-left canvas.names').focus()")
    camera = b.js(f"{APP}.all[0].map.camera()")
    b.key("ArrowRight")
    b.key("+")
    moved = b.js(f"{APP}.all[0].map.camera()")
    check(moved["x"] > camera["x"] and moved["k"] > camera["k"], f"keys do not move the map: {camera} {moved}")
    b.key("Enter")
    check(b.js(f"{APP}.state.focus") >= 0, "Enter chooses no specimen")
    b.key("0")
    equal(b.js(f"{APP}.all[0].map.camera().k"), 1, "the zoom after 0")
    b.key("l")
    equal(b.js("document.getElementById('tool-lasso').getAttribute('aria-pressed')"), "true", "the lasso after L")
    k = b.js(f"{APP}.all[0].k")
    b.key("[")
    check(b.js(f"{APP}.all[0].k") < k, "[ makes no fewer clusters")
    b.key("/")
    equal(b.js("document.activeElement.id"), "search", "what has the focus after /")
    tree = b.call("Accessibility.getFullAXTree")["nodes"]
    nameless = [n["role"]["value"] for n in tree if not n.get("ignored") and n.get("role", {}).get("value") in
                ("button", "textbox", "combobox", "slider", "spinbutton", "searchbox", "tab", "application", "menuitem")
                and not n.get("name", {}).get("value")]
    check(not nameless, f"controls without a name for a screen reader: {nameless}")
    quiet(b, "keys")


def widths(b):
    for width, dark in ((1400, False), (400, False), (1400, True), (400, True)):
        b.size(width, 900, dark)
        open_page(b, PAGE)
        quiet(b, f"{width} pixels")
        wide = b.js("document.documentElement.scrollWidth")
        check(wide <= width, f"at {width} pixels the page is {wide} wide")
        check(sum(pixels(b).values()) > 200, f"at {width} pixels the map is empty")
        ground = b.js("getComputedStyle(document.body).backgroundColor")
        equal(ground, "rgb(18, 18, 18)" if dark else "rgb(255, 255, 255)", f"ground at {width} pixels, dark {dark}")
        b.settle()
    b.size(1400, 900)
    b.call("Emulation.setEmulatedMedia", {"media": "print"})
    check(b.js("getComputedStyle(document.getElementById('controls')).display") == "none", "controls are printed")
    pdf = b.call("Page.printToPDF", {})["data"]
    check(len(pdf) > 10000, "printing")
    b.call("Emulation.setEmulatedMedia", {"media": ""})


def hostile(b, folder):
    """Names from the data are text, wherever they are shown."""
    with open(os.environ["HOSTILE_NAMES"], encoding="utf-8") as file:
        names = [line.rstrip("\n") for line in file]
    open_page(b, HOSTILE)
    quiet(b, "hostile names")
    shown = b.js(f"{APP}.model.ranks.find(r => r.name === 'family').levels")
    for name in names:
        check(name in shown, f"the page's taxa lack {name!r}")
    for tab in ("legend", "tree", "confusions", "selection", "keys"):
        b.js(f"{APP}.setTab('{tab}')")
        b.settle()
    for name in names:
        b.js(f"{APP}.select({{kind: 'taxon', column: 'family', value: {json.dumps(name)}}})")
        b.settle()
        check(b.js(f"{APP}.state.list.length") > 0, f"no specimens of {name!r}")
        check(" ".join(name.split()) in " ".join(b.js("document.getElementById('panel-selection').textContent").split()), f"the panel lacks {name!r}")
        row = b.js(f"{APP}.state.list[0]")
        b.js(f"{APP}.focus({row})")
        tip_of(b, row)
        b.js(f"(e => {{ e.value = {json.dumps(name[:10])}; e.dispatchEvent(new Event('input')); }})(document.getElementById('search'))")
        check(name in b.js("[...document.querySelectorAll('#found li span:first-child')].map(e => e.textContent)"), f"the search lacks {name!r}")
        b.js("document.getElementById('search').dispatchEvent(new Event('blur'))")
    for choice in ["cluster", "right", b.js("document.getElementById('colour').options[document.getElementById('colour').length - 1].value")]:
        b.js(f"{APP}.setColour({json.dumps(choice)})")
        b.settle()
    b.js(f"{APP}.setColour('column:family')")
    b.settle()
    svg = b.js(f"{APP}.svg({APP}.all[0])")
    import xml.etree.ElementTree as tree
    root = tree.fromstring(svg)
    check(not [e for e in root.iter() if e.tag.split("}")[1] in ("script", "foreignObject", "a", "image")], "the SVG holds what acts")
    check(b.js("window.pwned === undefined && document.querySelectorAll('script').length === document.querySelectorAll('script[nonce], "
               "script[type=\"application/json\"], script[type=\"text/plain\"]').length"), "a name acted")
    check(b.js("!document.querySelector('img, iframe, object, embed, a[href], b, form')"), "a name became an element")
    # a script that got in all the same would not run: the policy asks for a nonce
    b.js("document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.pwned = 2'}))")
    b.js("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.pwned=3\">')")
    b.settle()
    check(b.js("window.pwned === undefined"), "the policy lets a script run")
    b.problems.clear()


def split(b):
    """Data beside the page: over HTTP it is loaded, from a file the reader chooses it."""
    folder, name = os.path.split(os.path.abspath(SPLIT))
    data = os.path.join(folder, name.replace(".html", ".bin"))
    check(os.path.getsize(data) > 20e6, "the data beside the page is small")
    b.open(SPLIT, ready="!document.getElementById('trouble').hidden")
    root = b.call("DOM.getDocument")["root"]["nodeId"]
    field = b.call("DOM.querySelector", {"nodeId": root, "selector": "#data-file"})["nodeId"]
    wrong = os.environ["CURVE"]
    b.call("DOM.setFileInputFiles", {"nodeId": field, "files": [wrong]})
    b.wait("document.getElementById('trouble').innerText.includes('expected the')")
    other = os.path.abspath("other.bin")  # as long, and of another page
    with open(data, "rb") as file:
        whole = bytearray(file.read())
    whole[len(whole) // 2] ^= 1
    with open(other, "wb") as file:
        file.write(whole)
    b.call("DOM.setFileInputFiles", {"nodeId": field, "files": [other]})
    b.wait("document.getElementById('trouble').innerText.includes('of another page')")
    b.call("DOM.setFileInputFiles", {"nodeId": field, "files": [data]})
    b.wait("document.documentElement.dataset.ready === 'yes'")
    check(sum(pixels(b).values()) > 300, "the map of chosen data is empty")

    class Silent(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *unused):
            pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Silent, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    b.problems.clear()
    b.call("Page.navigate", {"url": f"http://127.0.0.1:{server.server_address[1]}/{name}"})
    b.wait(f"location.protocol === 'http:' && document.documentElement?.dataset.ready === 'yes'")
    b.settle()
    check(sum(pixels(b).values()) > 300, "the map of loaded data is empty")
    check(not [p for p in b.problems if "favicon" not in p], f"over HTTP the console has {b.problems}")
    with open(data, "rb") as file:
        own = file.read()
    with open(data, "wb") as file:
        file.write(whole)
    b.call("Network.setCacheDisabled", {"cacheDisabled": True})
    b.call("Page.navigate", {"url": f"http://127.0.0.1:{server.server_address[1]}/{name}?again"})
    b.wait("document.readyState === 'complete' && document.getElementById('trouble').innerText.includes('is not the data of this page')")
    with open(data, "wb") as file:
        file.write(own)
    for _ in range(100):  # the console tells of it, too, a little later
        if any("is not the data of this page" in p for p in b.problems):
            break
        b.settle()
    b.problems.clear()
    b.call("Network.setCacheDisabled", {"cacheDisabled": False})
    server.shutdown()


def others(b):
    open_page(b, SINGLE)
    quiet(b, "one result")
    open_page(b, NOTREE, "#tab=tree&colour=cluster")
    quiet(b, "no dendrogram")
    check("No dendrogram" in b.js("document.getElementById('panel-tree').innerText"), "a result without a dendrogram is not said to be one")
    check(sum(pixels(b).values()) > 200, "the map of a result without a dendrogram is empty")


def unlabelled(b):
    for tab in ("legend", "tree", "confusions"):
        open_page(b, NOLABELS, f"#tab={tab}")
        quiet(b, f"no labels, {tab}")
    check(len(pixels(b)) > 4, "clusters of specimens without taxa have no colours")
    b.js(f"{APP}.select({{kind: 'cluster', result: 0, k: {APP}.all[0].k, cluster: 1}})")
    b.js(f"{APP}.focus({APP}.state.list[0])")
    b.settle()
    check("without a label" in b.js("document.getElementById('details').innerText"), "details of a specimen without taxa")
    quiet(b, "no labels")


def main():
    folder = os.path.abspath("downloads")
    os.makedirs(folder, exist_ok=True)
    begun = time.monotonic()
    with Browser() as b:
        for part in (units, draws, hover_and_click, finds, selects, lambda b: exports(b, folder), cuts, legend, biologist, restores, keyboard, widths,
                     lambda b: hostile(b, folder), split, others, unlabelled):
            name = getattr(part, "__name__", "part")
            try:
                part(b)
            except Exception:  # pylint: disable=broad-except
                check(False, f"{name}: {traceback.format_exc(limit=3)} console: {b.problems}")
            print(f"{time.monotonic() - begun:6.1f} s  {name}", flush=True)
    sys.exit(1 if faults else 0)


main()
