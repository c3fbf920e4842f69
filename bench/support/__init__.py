"""What several benchmarks share and is no benchmark itself."""
