"""Humanize by rules from the literature, without a model."""

__all__: list[str] = []
