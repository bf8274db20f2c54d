"""Touch notes as they are played: what has been heard, the learned hand, and when notes sound."""

__all__: list[str] = []
