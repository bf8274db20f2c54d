"""Plug-ins of known behaviour, built from their sources for tests."""

__all__: list[str] = []
