"""Judge systems that play written drum beats against drummers who played them."""

__all__: list[str] = []
