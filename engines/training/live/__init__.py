"""Make and judge the hand that plays along live."""

__all__: list[str] = []
