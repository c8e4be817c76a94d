"""A local time-stamp authority over HTTP (RFC 3161) that can also misbehave."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from asn1crypto import pem, tsp, x509
from pyhanko.keys import load_private_key_from_pemder
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

Answer = tuple[int, str, bytes]
Answering = Callable[[bytes], Answer]
REPLY = "application/timestamp-reply"


def certificate(path: Path) -> x509.Certificate:
    """The first certificate of a PEM file."""
    return x509.Certificate.load(pem.unarmor(path.read_bytes())[2])


def stamper(keys: Path) -> DummyTimeStamper:
    """The development authority's own stamps."""
    root = SimpleCertificateStore.from_certs([certificate(keys / "root.crt")])  # type: ignore[no-untyped-call]
    key = load_private_key_from_pemder(keys / "timestamp.key", passphrase=None)
    return DummyTimeStamper(certificate(keys / "timestamp.crt"), key, certs_to_embed=root)


def honest(keys: Path) -> Answering:
    """Stamps what it is asked to."""
    made = stamper(keys)
    return lambda body: (200, REPLY, made.request_tsa_response(tsp.TimeStampReq.load(body)).dump())


def changed(keys: Path, change: Callable[[tsp.TimeStampReq], tsp.TimeStampReq]) -> Answering:
    """Stamps something else than it is asked to."""
    made = stamper(keys)
    return lambda body: (200, REPLY, made.request_tsa_response(change(tsp.TimeStampReq.load(body))).dump())


@contextmanager
def served(answering: Answering) -> Iterator[str]:
    """An authority that answers so, at the address that is given."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, kind, body = answering(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/stamp"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
