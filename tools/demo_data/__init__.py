"""How the bundled demo data is made from the published data sets."""
