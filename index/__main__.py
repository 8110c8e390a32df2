"""``python -m index``: see ``index.cli``."""

if __name__ == "__main__":  # processes that recover articles import this module too
    import sys

    try:
        from index.cli import main

        code = main()
    except KeyboardInterrupt:  # while the program was still being loaded
        print("interrupted; the index is as it was", file=sys.stderr)  # noqa: T201 - as index.cli would
        code = 130
    sys.exit(code)
