"""The shell around compute: context, derivations, ledger writes, packs, imports."""
