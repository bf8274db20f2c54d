"""Be the command where its script is not on the path: python -m bridge.command."""

from bridge.command.main import main

if __name__ == "__main__":
    main()
