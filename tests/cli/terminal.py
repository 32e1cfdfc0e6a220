"""The line of progress on a terminal: a pseudo-terminal of some columns, what a command writes to it, and its screen."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

TIMED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d zsc ")


def start(command, columns, **environment):
    pid, master = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        for ignored in signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT: # as they are under nohup or behind "&"
            signal.signal(ignored, signal.SIG_DFL)
        os.execvpe(command[0], command, {**os.environ, "TERM": "xterm", **environment})
    return pid, master


def read(master, until=lambda text: False, seconds=120):
    """What is written until `until` is true of it, or the command ends."""
    text, end = "", time.time() + seconds
    while time.time() < end and not until(text):
        if select.select([master], [], [], 0.2)[0]:
            try:
                piece = os.read(master, 65536)
            except OSError:
                break
            if not piece:
                break
            text += piece.decode()
    return text


def finish(pid, master, seconds=120):
    """The rest of what is written, and the exit status. What does not end in time is killed, which the status tells."""
    end = time.time() + seconds
    text = read(master, seconds=seconds)
    while (ended := os.waitpid(pid, os.WNOHANG)) == (0, 0):
        if time.time() > end:
            os.kill(pid, signal.SIGKILL)
            ended = os.waitpid(pid, 0)
            break
        time.sleep(0.05)
    return text, os.waitstatus_to_exitcode(ended[1])


def screen(text, columns):
    """The lines that a terminal shows; a line that is wider than it fails."""
    lines = [""]
    for part in re.findall(r"\r\n|\n|\r|[^\r\n]+", text):
        if part in ("\r\n", "\n"):
            lines.append("")
            at = 0
        elif part == "\r":
            at = 0
        else:
            at = 0 if lines[-1] == "" else at
            lines[-1] = lines[-1][:at] + part + lines[-1][at + len(part) :]
            at += len(part)
    return [line.rstrip() for line in lines]


def states(text):
    """The states of the line of progress: what is written after a carriage return alone."""
    return [s for s in re.findall(r"\r(?!\n)([^\r\n]*)", text) if s.strip()]


zsc, file = os.environ["ZSC"], sys.argv[1]
long_run = [zsc, "run", "-e", file, "--epochs", "1000000", "--threads", "1"]
interrupt = b"\x03"

for columns, environment in (120, {}), (30, {"NO_COLOR": "1"}), (15, {}):
    pid, master = start(long_run + ["--log-file", f"{columns}.log"], columns, **environment)
    text = read(master, lambda t: len(states(t)) >= 3)
    before = [s.rstrip() for s in states(text)]
    assert len(before) >= 3, ("no line of progress", text)
    os.write(master, interrupt)
    rest, status = finish(pid, master)
    text += rest
    assert status == 130, (columns, status, text)
    assert "\x1b" not in text, (columns, "escape codes", text)
    assert all(len(s) < columns for s in before), (columns, "wider than the terminal", before)
    if columns == 120:
        assert all(re.fullmatch(r"zsc run: [a-z ]+ +\d+%(, .* left)?", s) for s in before), before
    shown = screen(text, columns)
    assert not any("%" in line for line in shown), ("the line of progress stays after Ctrl-C", shown)
    assert not any("^C" in line for line in shown), shown
    assert shown[-2].startswith("zsc run: ") and "interrupted" in shown[-2] and shown[-1] == "", shown
    log = open(f"{columns}.log").read()
    assert all(TIMED.match(line) for line in log.splitlines()) and "\r" not in log, log
    assert "interrupted" in log.splitlines()[-1] and "--epochs 1000000" in log.splitlines()[0], log

# a run that ends: its last state is the result, without a rest of progress
pid, master = start([zsc, "run", "-e", file, "--epochs", "1500", "--threads", "1"], 100)
text, status = finish(pid, master)
assert status == 0 and states(text) and "\x1b" not in text, (status, text)
shown = screen(text, 100)
assert not any(re.search(r"\d%", line) for line in shown) and " s wall, " in "\n".join(shown), shown
assert not any(TIMED.match(line) for line in shown), ("times on a terminal", shown)

# a terminal that writes no line again, and one where --quiet is given
pid, master = start([zsc, "sweep", "long.yaml"], 100, TERM="dumb")
text = read(master, lambda t: "run 1 of 2" in t)
text += read(master, seconds=2)
os.write(master, interrupt)
rest, status = finish(pid, master)
text += rest
assert status == 130 and not states(text) and "\x1b" not in text, (status, text)
assert all(TIMED.match(line) for line in text.splitlines() if "run 1 of 2" in line), text
pid, master = start(long_run + ["--quiet"], 100)
text = read(master, seconds=2)
os.write(master, interrupt)
rest, status = finish(pid, master)
assert status == 130 and not states(text), text
