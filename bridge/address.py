"""State where the server is, unless told otherwise."""

DEFAULT_ADDRESS = "tcp://127.0.0.1:5577"
