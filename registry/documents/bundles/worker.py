"""The process that opens PKCS#12 files: `python -m registry.documents.bundles.worker`.

A hostile file may ask for hours of key derivation; here it is the child's time that runs out.
"""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12KeyAndCertificates, load_pkcs12

from ..workers.child import Answer, Refused, serve
from ..workers.frames import Frame

PROCESSOR_SECONDS = 15


def handle(frame: Frame) -> Answer:
    """The file and its passphrase in; key (PKCS#8), certificate and further certificates out, all DER."""
    data, passphrase = frame.blobs
    bundle = _opened(data, passphrase)
    if bundle.key is None:
        raise Refused("no_key")
    if not isinstance(bundle.key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise Refused("key_kind")
    if bundle.cert is None:
        raise Refused("no_certificate")
    key = bundle.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    certificates = [bundle.cert, *bundle.additional_certs]
    return {}, [key, *(one.certificate.public_bytes(Encoding.DER) for one in certificates)]


def _opened(data: bytes, passphrase: bytes) -> PKCS12KeyAndCertificates:
    try:
        return load_pkcs12(data, passphrase)
    except UnsupportedAlgorithm as error:
        raise Refused("encryption") from error
    except ValueError as error:
        raise Refused("passphrase" if "password" in str(error).lower() else "damaged") from error


if __name__ == "__main__":
    serve(handle, PROCESSOR_SECONDS)
