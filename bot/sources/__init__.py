"""Official sources: one module for each, which says what the source gives and reads it.

A module declares ``SOURCE``. Its docstring is the source's quality card: publisher, what it gives,
validators, what an empty answer looks like, known faults, what its reading was proved by, and whether it is
read by default.
"""
