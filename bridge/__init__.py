"""Carry clips between DAWs, files, ports and engines."""

__all__: list[str] = []
