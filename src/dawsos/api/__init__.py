"""REST: routes made from the registry, one envelope, one error form."""
