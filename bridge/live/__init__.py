"""Play in time and in real time, through the ports of the machine."""

__all__: list[str] = []
