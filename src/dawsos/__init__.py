"""DawsOS: portfolio intelligence with numbers that can be trusted."""
