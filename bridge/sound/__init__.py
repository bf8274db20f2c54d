"""Turn songs and clips into sound, by the process that hosts plug-ins."""

__all__: list[str] = []
