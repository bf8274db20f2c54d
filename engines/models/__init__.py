"""Hold the networks that are trained here; only training needs them."""

__all__: list[str] = []
