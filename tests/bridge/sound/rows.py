"""Read tracks as tests do: a row each message."""

from bridge.sound_protocol import Events, Track

Row = tuple[float, bytes]


def rows(events: Events) -> list[Row]:
    """Return each message's seconds and bytes; where there are two, the third is 0."""
    columns = (events.time, events.status, events.data1, events.data2)
    return [(time, bytes(data)) for time, *data in zip(*(c.tolist() for c in columns), strict=True)]


def messages(track: Track) -> list[str]:
    """Return the messages in hexadecimal, in order."""
    return [data.hex(" ") for _, data in rows(track.events)]


def is_on(data: bytes) -> bool:
    """Return whether a note begins."""
    return data[0] & 0xF0 == 0x90 and data[2] > 0


def is_off(data: bytes) -> bool:
    """Return whether a note ends, in the only form in which it may."""
    return data[0] & 0xF0 == 0x80


def unended(events: Events) -> list[Row]:
    """Return the notes that no later off of their pitch ends, counting each off once."""
    sounding: dict[tuple[int, int], list[Row]] = {}
    for time, data in rows(events):
        key = (data[0] & 0x0F, data[1])
        if is_on(data):
            sounding.setdefault(key, []).append((time, data))
        elif is_off(data) and sounding.get(key):
            sounding[key].pop()
    return [row for left in sounding.values() for row in left]
