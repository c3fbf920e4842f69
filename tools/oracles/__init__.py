"""Feed published expected values to the public functions of ``dawsos.compute`` and say which hold."""
