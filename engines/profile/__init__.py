"""Take the groove of a player, and give it to other music: groove profiles."""

__all__: list[str] = []
