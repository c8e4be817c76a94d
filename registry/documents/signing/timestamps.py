"""Time stamps by RFC 3161: from an authority over HTTP, or in process from the development one. 时间戳."""

import hashlib
import time
from asyncio import to_thread

import requests
from asn1crypto import cms, core, keys, pem, tsp, x509
from pyhanko.keys import load_private_key_from_pemder
from pyhanko.sign.general import extract_certificate_info, extract_signer_info
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ...core.config import DEVELOPMENT_AUTHORITY
from ...core.i18n import msg
from ..places import Places, places
from .errors import NoTimeStamp

CONNECT_SECONDS, SILENCE_SECONDS, WHOLE_SECONDS = 5, 10, 20
LARGEST_ANSWER = 64 * 1024
REQUEST, REPLY = "application/timestamp-query", "application/timestamp-reply"
GRANTED = ("granted", "granted_with_mods")
NOT_A_STAMP = msg("The time-stamp authority sent something that is no time stamp")
OTHER_STAMP = msg("The time-stamp authority stamped something else than it was asked to")


def timestamper() -> TimeStamper | None:
    """What the setting asks for; None without an authority.

    Raises NoTimeStamp when the development authority has no key.
    """
    where = places()
    if not where.timestamp_url:
        return None
    return _development(where) if where.timestamp_url == DEVELOPMENT_AUTHORITY else Authority(where.timestamp_url)


class _Response(core.Sequence):  # type: ignore[misc]  # asn1crypto ships no types
    """RFC 3161, 2.4.2; asn1crypto's own wants a token in a refusal too."""

    _fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


class Authority(TimeStamper):
    """An authority over HTTP. Nothing of its answer is believed: size, status, nonce, imprint, signature are checked.

    pyHanko's own client follows redirects, reads without limit and stumbles over a wrong nonce.
    """

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko's, untyped
        self.url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> _Response:
        """The authority's answer. Raises NoTimeStamp."""
        answer = await to_thread(_ask, self.url, req.dump())
        try:
            response: _Response = _Response.load(answer, strict=True)
        except ValueError as error:
            raise NoTimeStamp(NOT_A_STAMP) from error
        return response

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A time stamp of the digest. Raises NoTimeStamp."""
        nonce, request = self.request_cms(message_digest, md_algorithm)  # type: ignore[no-untyped-call]  # as above
        response = await self.async_request_tsa_response(request)
        try:
            return _checked(response, nonce, message_digest, md_algorithm)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise NoTimeStamp(NOT_A_STAMP) from error


def _checked(response: _Response, nonce: int, digest: bytes, algorithm: str) -> cms.ContentInfo:
    """The token, if it answers this request and its signature is good."""
    status = response["status"]
    if status["status"].native not in GRANTED:
        words = "; ".join([*(status["status_string"].native or ()), *sorted(status["fail_info"].native or ())])
        raise NoTimeStamp(msg("The time-stamp authority refused the request: %(reason)s", reason=words[:200] or "—"))
    token: cms.ContentInfo = response["time_stamp_token"]
    stamp = token["content"]["encap_content_info"]["content"].parsed
    imprint = stamp["message_imprint"]
    said = (stamp["nonce"].native, imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native)
    if said != (nonce, algorithm, digest) or not _is_signed(token["content"]):
        raise NoTimeStamp(OTHER_STAMP)
    return token


def _is_signed(signed: cms.SignedData) -> bool:
    """Whether the certificate inside signed the stamp inside. Whom to trust is another question."""
    signer = extract_signer_info(signed)
    made = hashlib.new(signer["digest_algorithm"]["algorithm"].native, bytes(signed["encap_content_info"]["content"]))
    own = extract_certificate_info(signed).signer_cert
    return all(validate_sig_integrity(signer, own, "tst_info", made.digest()))


def _ask(url: str, request: bytes) -> bytes:
    """Send the request; no redirects, a limited answer within a limited time. Raises NoTimeStamp."""
    try:
        with requests.post(
            url,
            request,
            headers={"Content-Type": REQUEST, "Accept": REPLY},
            timeout=(CONNECT_SECONDS, SILENCE_SECONDS),
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code != requests.codes.ok:
                told = msg("The time-stamp authority answers with status %(status)s", status=response.status_code)
                raise NoTimeStamp(told)
            if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() != REPLY:
                raise NoTimeStamp(NOT_A_STAMP)
            return _read(response)
    except (requests.RequestException, OSError) as error:
        raise NoTimeStamp from error


def _read(response: requests.Response) -> bytes:
    """At most LARGEST_ANSWER bytes in WHOLE_SECONDS: `read1` hands over what came, so a dripping one is noticed."""
    until, found = time.monotonic() + WHOLE_SECONDS, b""
    while piece := response.raw.read1(4096):
        found += piece
        if len(found) > LARGEST_ANSWER:
            raise NoTimeStamp(NOT_A_STAMP)
        if time.monotonic() > until:
            raise NoTimeStamp
    return found


def _development(where: Places) -> TimeStamper:
    """The development authority, in process. Raises NoTimeStamp."""
    try:
        key: keys.PrivateKeyInfo = load_private_key_from_pemder(where.keys / "timestamp.key", passphrase=None)
        own, root = (
            x509.Certificate.load(pem.unarmor((where.keys / name).read_bytes())[2])
            for name in ("timestamp.crt", "root.crt")
        )
    except FileNotFoundError as error:
        told = msg("There is no development time-stamp authority: run “flask registry dev-ca” first")
        raise NoTimeStamp(told) from error
    root_store = SimpleCertificateStore.from_certs([root])  # type: ignore[no-untyped-call]  # as above
    return DummyTimeStamper(own, key, certs_to_embed=root_store)
