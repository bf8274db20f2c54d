"""Make and judge models of drummers."""

__all__: list[str] = []
