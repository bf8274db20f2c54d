"""Be the progress callback of a caller that does not ask for one."""


def ignore_progress(fraction: float) -> None:
    """Do nothing with a fraction from 0 to 1."""
