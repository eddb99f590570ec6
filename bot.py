"""Start Vigía: ``python bot.py --help`` lists what it can do."""

from bot.main import main

if __name__ == "__main__":
    raise SystemExit(main())
