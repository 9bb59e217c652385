"""The program, which Ctrl-C ends in one line from its first moment on."""

import io
import signal
import sys
from typing import NoReturn

# As shells have it for what Ctrl-C ends.
INTERRUPTED = 130


class _Interrupt(KeyboardInterrupt):
    """Ctrl-C.

    After a KeyboardInterrupt in code that was made of a string, as dataclasses are, `python -m` ends itself by the
    signal, whatever the exit code; after one of a class of its own it does not.
    """


def _interrupt(*_: object) -> NoReturn:
    raise _Interrupt


def run() -> NoReturn:
    """Run the command line as a program."""
    try:
        # It is ignored where a shell started this in the background.
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, _interrupt)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        from cheatdeck.command import main  # noqa: PLC0415 - it takes long enough to be interrupted

        code = main()
    except KeyboardInterrupt:
        print("cheatdeck: interrupted", file=sys.stderr)
        code = INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    run()
