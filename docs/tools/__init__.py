"""What writes the documentation that the model itself makes: a page for every rule, and what emerges.

Run it from a checkout: `make docs`, `make emergence`. It belongs to no installed package.
"""
