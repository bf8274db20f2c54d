"""Play drums as learned from drummers: what is asked of them, and what they answer."""

__all__: list[str] = []
