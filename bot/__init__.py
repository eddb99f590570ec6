"""Vigía: a bot that keeps watch over U.S.–Mexico security policy.

Data flows one way through the rooms of this package; ``docs/architecture.md`` draws them and
``tests/test_architecture.py`` holds the drawing to the imports.
"""
