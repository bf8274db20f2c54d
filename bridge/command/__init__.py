"""Be the command `yuragi`: a thin door onto the server's road."""

__all__: list[str] = []
