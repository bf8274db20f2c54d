"""Read performances, train on them and measure what was learned; the product runs without it."""

__all__: list[str] = []
