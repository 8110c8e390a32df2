"""``python -m search``."""

from search.http.server import main

if __name__ == "__main__":
    main()
