"""``python -m index``: see ``index.cli``."""

if __name__ == "__main__":  # processes that recover articles import this module too
    import sys

    from index.cli import main

    sys.exit(main())
