"""What writes the documentation made by the code: the public names, a page for every rule, and what emerges.

Run it from a checkout: `make docs`, `make emergence`. It belongs to no installed package.
"""
