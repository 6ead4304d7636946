"""`python -m hypersonic_build` is the command `hypersonic`."""

import os
import subprocess
import sys

from ._engine import find


def main() -> int:
    """Run the engine with this process's arguments."""
    command = [find(), *sys.argv[1:]]
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
