"""The compiler is imported by whoever runs compiled code, and by nobody else."""

import pkgutil
import subprocess
import sys

import dawsos.compute.ledger

HEAVY = {
    "fifo_kernel",
    "heap_kernel",
    "integers",
    "journal_kernel",
    "kernel_gains",
    "matching",
    "matching_kernel",
    "ordering_kernel",
    "segment_kernel",
}
LIGHT = sorted({module.name for module in pkgutil.iter_modules(dawsos.compute.ledger.__path__)} - HEAVY)


def test_importing_the_ledger_does_not_import_the_compiler():
    names = ", ".join(f"dawsos.compute.ledger.{name}" for name in LIGHT)
    program = f"import sys, {names}; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
