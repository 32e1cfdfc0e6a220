"""Chromium without a window, driven by the DevTools protocol over its pipe: nothing but Python's own library is needed."""
import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--use-gl=angle", "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--hide-scrollbars", "--mute-audio", "--remote-debugging-pipe", "--force-color-profile=srgb",
]
PATIENCE = 240  # seconds for one answer, on a machine that does much else


def find_chromium():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    return None


class Browser:
    def __init__(self, width=1400, height=900, dark=False):
        self.folder = tempfile.mkdtemp(prefix="zsc-atlas-browser-")
        to_browser, self.out = os.pipe()
        self.inp, from_browser = os.pipe()
        for end in (to_browser, from_browser):
            os.set_inheritable(end, True)
        command = [find_chromium(), *ARGUMENTS, f"--user-data-dir={self.folder}", f"--window-size={width},{height}", "about:blank"]
        # the protocol's descriptors are 3 and 4: moved beyond them first, since either may be in the other's place
        script = 'in=$1 out=$2; shift 2; eval "exec 8<&$in 9>&$out"; exec "$@" 3<&8 4>&9'
        self.process = subprocess.Popen(["bash", "-c", script, "bash", str(to_browser), str(from_browser), *command],
                                        pass_fds=(to_browser, from_browser), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True)
        os.close(to_browser)
        os.close(from_browser)
        self.number = itertools.count(1)
        self.rest = b""
        self.problems = []  # what the page wrote to its console as errors or warnings, and exceptions
        self.requests = []
        target = self.call("Target.createTarget", {"url": "about:blank"}, session=None)["targetId"]
        self.session = self.call("Target.attachToTarget", {"targetId": target, "flatten": True}, session=None)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.size(width, height, dark)

    session = None

    def size(self, width, height, dark=False, ratio=1):
        self.call("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": ratio, "mobile": width < 600})
        self.call("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})

    def read(self):
        while b"\0" not in self.rest:
            if not select.select([self.inp], [], [], PATIENCE)[0]:
                raise TimeoutError("the browser does not answer")
            part = os.read(self.inp, 1 << 20)
            if not part:
                raise EOFError("the browser has ended")
            self.rest += part
        text, self.rest = self.rest.split(b"\0", 1)
        message = json.loads(text)
        self.note(message)
        return message

    def note(self, message):
        method, params = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.problems.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.problems.append(" ".join(str(a.get("value", a.get("description"))) for a in params["args"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.problems.append(params["entry"]["text"] + " " + params["entry"].get("url", ""))
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])

    def call(self, method, params=None, session=""):
        number = next(self.number)
        message = {"id": number, "method": method, "params": params or {}}
        if session is not None:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def js(self, expression):
        """The value of an expression, which may be a promise."""
        answer = self.call("Runtime.evaluate", {"expression": expression, "returnByValue": True, "awaitPromise": True})
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise RuntimeError(f"{expression[:120]}: {details.get('exception', {}).get('description', details['text'])}")
        return answer["result"].get("value")

    def wait(self, expression, seconds=PATIENCE):
        end = time.monotonic() + seconds
        while not self.js(expression):
            if time.monotonic() > end:
                raise TimeoutError(f"never: {expression}")
            time.sleep(0.03)

    def open(self, path, fragment="", ready="document.documentElement.dataset.ready === 'yes'"):
        self.call("Page.navigate", {"url": "about:blank"})
        self.call("Page.navigate", {"url": f"file://{os.path.abspath(path)}{fragment}"})
        self.wait(f"document.readyState === 'complete' && ({ready})")

    def settle(self):
        """Two pictures later all that was due is drawn."""
        self.js("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")

    def mouse(self, kind, x, y, button="none", buttons=0, modifiers=0, **more):
        self.call("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "modifiers": modifiers, **more})

    def click(self, x, y):
        self.mouse("mouseMoved", x, y)
        self.mouse("mousePressed", x, y, "left", 1, clickCount=1)
        self.mouse("mouseReleased", x, y, "left", 0, clickCount=1)
        self.settle()

    def click_on(self, selector):
        x, y = self.js(f"(e => {{ e.scrollIntoView({{block: 'center'}}); const b = e.getBoundingClientRect(); "
                       f"return [b.x + b.width / 2, b.y + b.height / 2]; }})(document.querySelector({json.dumps(selector)}))")
        self.click(x, y)

    def drag(self, points, modifiers=0):
        self.mouse("mouseMoved", *points[0], modifiers=modifiers)
        self.mouse("mousePressed", *points[0], "left", 1, modifiers, clickCount=1)
        for x, y in points[1:]:
            self.mouse("mouseMoved", x, y, "left", 1, modifiers)
        self.mouse("mouseReleased", *points[-1], "left", 0, modifiers, clickCount=1)
        self.settle()

    def key(self, key, text=None):
        down = {"type": "keyDown", "key": key, "code": key}
        if text or len(key) == 1:
            down["text"] = text or key
        if key == "Enter":
            down.update(text="\r", windowsVirtualKeyCode=13)
        self.call("Input.dispatchKeyEvent", down)
        self.call("Input.dispatchKeyEvent", {"type": "keyUp", "key": key, "code": key})
        self.settle()

    def type(self, text):
        self.call("Input.insertText", {"text": text})
        self.settle()

    def screenshot(self, path=None):
        data = base64.b64decode(self.call("Page.captureScreenshot", {"format": "png"})["data"])
        if path:
            with open(path, "wb") as file:
                file.write(data)
        return data

    def close(self):
        try:
            self.call("Browser.close", session=None)
        except (EOFError, OSError, TimeoutError):
            pass
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.out)
        os.close(self.inp)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()
