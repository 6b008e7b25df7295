"""PlatformIO runs this before it builds the library. It links the static library for the processor of the build."""

import os
import subprocess

Import("env")  # noqa: F821: of SCons

here = os.path.realpath(os.getcwd())
compiler = env.subst("$CC $CFLAGS $CCFLAGS").split()  # noqa: F821
printed = subprocess.run([*compiler, "-E", "-P", os.path.join(here, "processor.h")], capture_output=True, text=True)
folder = os.path.join(here, "src", *printed.stdout.split()[:1])
if not os.path.exists(os.path.join(folder, "libmaestrino.a")) or folder == os.path.join(here, "src"):
    raise SystemExit(f"maestrino: no library for this processor: {printed.stdout.strip()} {printed.stderr.strip()}")
env.Append(LIBPATH=[folder], LIBS=["maestrino"])  # noqa: F821
