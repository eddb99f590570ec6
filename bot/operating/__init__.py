"""What the operator starts: each module is one command of ``python bot.py``."""
