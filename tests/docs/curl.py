"""As much of curl as docs/api.md uses, so that its examples run where there is none: method, headers, body, answer."""

import sys
import urllib.request
from argparse import ArgumentParser


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("-sS", action="store_true")
    parser.add_argument("-X", default="GET")
    parser.add_argument("-H", action="append", default=[])
    parser.add_argument("--data-binary")
    parser.add_argument("url")
    given = parser.parse_args()
    headers = dict(header.split(": ", 1) for header in given.H)
    body = given.data_binary.encode() if given.data_binary is not None else None
    request = urllib.request.Request(given.url, body, headers, method=given.X)
    with urllib.request.urlopen(request, timeout=60) as answer:
        sys.stdout.write(answer.read().decode())


if __name__ == "__main__":
    main()
