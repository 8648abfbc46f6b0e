"""What emerges when people answer to the rules, beside what the same rules do if nobody answers.

`trials` runs the bureaus, and `numbers` has what they came to. `scores` and `service` show it with the
`figures` and `words`. `pages` runs the notebook `emergence.ipynb` and exports it.
"""
