"""Turn a written clip into a performance, as the shipped weights learned it from players."""

__all__: list[str] = []
