"""The program `maestrino`."""

import signal
import sys

from ._maestrino import main as _main


def main() -> None:
    # Ctrl-C is the program's own business: Python would wait until it has ended.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(_main(["maestrino", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
