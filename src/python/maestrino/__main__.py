"""The program `maestrino`."""

import signal
import sys

from ._maestrino import main as _main


def main() -> None:
    # The program handles Ctrl-C itself. Python would wait until the program has ended.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(_main(["maestrino", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
