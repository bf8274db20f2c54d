"""Be the systems that are compared: from the bare grid to learned drummers."""

__all__: list[str] = []
