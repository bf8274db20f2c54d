"""Be the systems that are judged, a file each."""

__all__: list[str] = []
