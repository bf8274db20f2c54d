"""Judge systems that play written music against people who played it."""

__all__: list[str] = []
