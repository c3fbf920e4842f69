"""The command line: everything an operator does, as ``dawsos …``."""
