"""``python -m dawsos.cli``: the same as ``dawsos``."""

from dawsos.cli.main import main

if __name__ == "__main__":
    main()
