"""Write drum parts: the grid that they stand on, what is known of it, and the learned writer."""

__all__: list[str] = []
