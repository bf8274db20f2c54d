"""Echo clips over a bare ZeroMQ ROUTER: the floor that the server's road is measured against.

It decodes and encodes the same structs as the server, and does nothing else.
"""

import zmq

from bridge.protocol import Render, Rendered, Timings, decode_request, encode


def main() -> None:
    """Print the port, then echo until killed."""
    socket = zmq.Context().socket(zmq.ROUTER)
    print(socket.bind_to_random_port("tcp://127.0.0.1"), flush=True)  # noqa: T201 - for the parent
    nothing = Timings(queued_ms=0, engine_ms=0, total_ms=0)
    while True:
        peer, frame = socket.recv_multipart()
        request = decode_request(frame)
        if isinstance(request, Render):
            reply = Rendered(request.id, takes=(request.clips,), seed=0, timings=nothing)
            socket.send_multipart([peer, encode(reply)])


if __name__ == "__main__":
    main()
