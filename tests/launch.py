"""Asks the fork server (tests/fork_server.py) for a process, stands for it, and ends as that ends. Imports next to
nothing: it is started for every process.

Arguments: the server's socket, a file number to tell the process's number on (or nothing), what to call, its words.
"""

import marshal
import os
import signal
import socket
import sys


def main(place: str, tell: str, call: str, *words: str) -> int:
    order = marshal.dumps({"call": call, "words": words, "cwd": os.getcwd(), "env": dict(os.environ)})
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(place)
        socket.send_fds(line, [len(order).to_bytes(8)], [0, 1, 2])
        line.sendall(order)
        program = int.from_bytes(line.recv(8))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _: os.kill(program, number))
        if tell:
            os.write(int(tell), str(program).encode())
            os.close(int(tell))
        return os.waitstatus_to_exitcode(int.from_bytes(line.recv(8)))


code = main(*sys.argv[1:])
if code < 0:
    signal.signal(-code, signal.SIG_DFL) if -code != signal.SIGKILL else None
    os.kill(os.getpid(), -code)
sys.exit(code)
