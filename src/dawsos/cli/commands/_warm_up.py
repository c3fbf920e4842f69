"""Compile the numeric kernels into their cache."""

import typer

from dawsos.services.warm_up import warm_up as run_kernels

app = typer.Typer(add_completion=False)


@app.command()
def warm_up() -> None:
    """Compile the numeric kernels into their cache; ``dawsos demo`` starts this beside everything else."""
    run_kernels()
